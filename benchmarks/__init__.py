"""Benchmarks of quality and speed, outside the package; README.md here has their results."""
