"""Reads articles from files and web addresses."""
