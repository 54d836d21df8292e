"""The SHA-256 of the C sources beside this file, as `make kernel` wrote it."""

DIGEST = "c906f747ac348eaf8f7f8bde3eea5f5542a9f4d331c231d253c37e410631ee30"
