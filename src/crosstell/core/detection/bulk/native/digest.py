"""The SHA-256 of the C sources beside this file, as `make kernel` wrote it."""

DIGEST = "55c9ab18042c247f554e052be18217c100e57557ff7d358716a590aa669c328a"
