"""The SHA-256 of the C sources beside this file, as `make kernel` wrote it."""

DIGEST = "786ac6c057091596e65dd9434ad777a6054cc070449a5d200344f092c0026be5"
