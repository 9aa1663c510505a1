"""Lets a language model word an answer; only sentences that its citations support are shown."""
