"""Commands by which a party keeps its keys and its record: ceremonies, copies, erasure."""
