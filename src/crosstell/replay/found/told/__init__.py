"""What was only said: on the air, by persons, of voice calls, and afterwards about it all."""
