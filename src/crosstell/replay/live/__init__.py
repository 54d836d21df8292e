"""A scenario's run through real processes: each party's node on its own port, driven by its API."""
