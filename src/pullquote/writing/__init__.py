"""An answer -> prose that says what its citations say, and nothing else."""
