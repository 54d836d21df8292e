"""Exports as bytes: their files, their keys, and what a verification of them says."""
