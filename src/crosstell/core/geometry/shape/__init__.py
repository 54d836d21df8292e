"""The shapes that a footprint may have, each a value with its checks, and the rings they share."""
