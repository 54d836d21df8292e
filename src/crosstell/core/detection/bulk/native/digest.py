"""The SHA-256 of the C sources beside this file, as `make kernel` wrote it."""

DIGEST = "7625dd9ebd382618f1dce76a2315caba6a4a79ac4f764419a9095700a8932aa8"
