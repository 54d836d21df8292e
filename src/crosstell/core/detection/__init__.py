"""Which rules a picture infringes, under whose reading, and by when."""
