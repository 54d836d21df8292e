"""Incidents replayed through real nodes, in virtual time."""
