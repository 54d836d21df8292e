"""Between the parties' nodes: the port, the post, files that a person carries, the split node."""
