"""The chat page. Nothing else imports gradio."""

import os

# Read when gradio is imported, and never to be left to chance: nothing leaves this machine.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
