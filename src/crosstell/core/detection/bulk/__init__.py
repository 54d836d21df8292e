"""Many pairs at once over arrays: a plain path and a fast one that decide alike."""
