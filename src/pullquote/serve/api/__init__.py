"""The HTTP API: what may be sent, what comes back, and who may ask."""
