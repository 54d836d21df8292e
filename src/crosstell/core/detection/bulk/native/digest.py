"""The SHA-256 of the C sources beside this file, as `make kernel` wrote it."""

DIGEST = "c9b8aac2a56803865a879a13d436e6c1560eeaab7262c8dab7b83f4170f9ef83"
