"""The SHA-256 of the C sources beside this file, as `make kernel` wrote it."""

DIGEST = "f514f357e06c5bb2df0b9f38916160daa965d3799b0f236e27b333d5c4122822"
