"""Pure domain: what is true and what follows. No clock, network, randomness or logging."""
