"""Crosstell: the deconfliction mechanism. It warns, connects and keeps the record."""
