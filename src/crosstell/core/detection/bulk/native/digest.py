"""The SHA-256 of the C sources beside this file, as `make kernel` wrote it."""

DIGEST = "8bf82824b4e9b251bb01b282560f8366168fdeb7e17759c5b9f4d71ef8762dbe"
