"""The SHA-256 of the C sources beside this file, as `make kernel` wrote it."""

DIGEST = "6f5946dbbf2983536d177f59bddab232f9326c9e98af1a197ef18ce51c746f13"
