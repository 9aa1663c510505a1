"""The chat page. Only this package imports gradio."""

import os

# Gradio reads this when it is imported. It must be set first: nothing may leave this machine.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
