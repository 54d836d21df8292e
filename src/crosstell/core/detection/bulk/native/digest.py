"""The SHA-256 of the C sources beside this file, as `make kernel` wrote it."""

DIGEST = "6f15e11e35567eb8d50d236dc08b1e6ee0d17d410a191dbdc8d0c9ec88777c19"
