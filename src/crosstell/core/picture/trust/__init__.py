"""Whether a track's positions can be used as reported: what its moves say of it."""
