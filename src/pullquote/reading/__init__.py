"""Readers: they score each sentence of the retrieved passages against the question."""
