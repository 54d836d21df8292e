"""Duties of the protocol in one run: met, not met, not testable, each for a person to read."""
