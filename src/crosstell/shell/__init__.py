"""Everything that touches the world: node, writer, store, clock, keys."""
