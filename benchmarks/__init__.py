"""Measurements outside the package; see README.md beside this file."""
