"""The index: stores articles on disk and finds passages in them."""
