"""The SHA-256 of the C sources beside this file, as `make kernel` wrote it."""

DIGEST = "6e6fe9d3d62857a8f77b5bc5197302dc505a8799b1d7adc03af7a94a40b30623"
