"""The web server: the chat page, the API and the widget."""
