"""Hits -> what each sentence of them says to the question."""
