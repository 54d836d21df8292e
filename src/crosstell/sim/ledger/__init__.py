"""The simulator's own ledger: it notes what went in and came out, and never asks the mechanism."""
