"""How pairs of tracks are found and judged: the grid over boxes, and the plain verdict."""
