"""Trains the judge, the network with which Pullquote reads passages, and exports it."""
