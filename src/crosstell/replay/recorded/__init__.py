"""A record that a node kept, read back: the same views as of a run that was played."""
