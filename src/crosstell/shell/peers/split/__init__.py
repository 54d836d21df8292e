"""The split node: a picture side that holds everything, an exchange side for what was released."""
