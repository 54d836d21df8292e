"""Commands for what lies between the nodes."""
