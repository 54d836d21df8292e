"""Parcels in numbers: as one answer on the wire, and as a file that a person carries."""
