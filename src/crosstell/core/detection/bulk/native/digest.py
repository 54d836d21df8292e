"""The SHA-256 of the C sources beside this file, as `make kernel` wrote it."""

DIGEST = "bdccdde50fa394647d99edded972cceb6fc10949b3e6ad10acb391822e777274"
