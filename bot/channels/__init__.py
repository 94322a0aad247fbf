"""One channel a file: a channel translates and does nothing else."""
