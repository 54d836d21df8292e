"""Each kind of rule: its figures, what must fit, and the pure answers that need no detection."""
