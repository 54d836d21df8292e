"""A report or a page in another language: one catalogue, keyed by the English words."""
