"""How well two pictures of one place are registered and tested, on real recordings."""
