"""Articles on disk, and found again."""
