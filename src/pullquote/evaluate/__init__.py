"""Evaluation: a question set in, figures and their report out, and a gate for a change."""
