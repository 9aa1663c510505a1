"""Text analysis: words, sentences, names, figures and times."""
