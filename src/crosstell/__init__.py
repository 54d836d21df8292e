"""Crosstell: the deconfliction mechanism. It warns, connects and keeps the record."""

__version__ = "0.1.0"
