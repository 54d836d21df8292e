"""How many alerts a watch would get of recorded traffic, and how many of them for nothing."""
