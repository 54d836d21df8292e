"""Real nodes as real processes, and all that may happen to them. `python -m tests.faults`."""
