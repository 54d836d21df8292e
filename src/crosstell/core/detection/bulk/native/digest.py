"""The SHA-256 of the C sources beside this file, as `make kernel` wrote it."""

DIGEST = "aaee488cb368352f0f33ad37b5cccc5f33c434668a1ea86f63641df9ede27468"
