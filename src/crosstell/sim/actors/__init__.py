"""Who acts in a virtual world: people, sensors, and a party of bad intent."""
