"""What was read -> an answer whose every quote is checked, and its ways out."""
