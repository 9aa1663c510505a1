"""A conversation -> a question that can be understood alone."""
