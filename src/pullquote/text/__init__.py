"""What words and sentences are."""
