"""Bytes of the node's own HTTP interface: JSON as documents, envelopes, problems, OpenAPI."""
