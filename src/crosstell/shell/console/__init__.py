"""The page a watch works on: static files that the node serves itself, and nothing from outside."""
