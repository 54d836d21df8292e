"""The SHA-256 of the C sources beside this file, as `make kernel` wrote it."""

DIGEST = "effaed0a49171657d32617a50b3088836155cdbb9ed957d7a0ea4fd6dbb926e9"
