"""Known bugs, planted one at a time: `python -m tests.mutants`. Each must be caught."""
