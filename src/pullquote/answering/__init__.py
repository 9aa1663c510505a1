"""From a reading to an answer: choose the quotes, check them, render them."""
