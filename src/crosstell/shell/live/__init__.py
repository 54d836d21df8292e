"""The running node: one thread that owns it, and what is around."""
