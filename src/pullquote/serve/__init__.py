"""The web: the chat, the API and the widget."""
