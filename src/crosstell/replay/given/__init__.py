"""What a scenario gives: its files, its assumptions, its runs, and each node's inputs in a run."""
