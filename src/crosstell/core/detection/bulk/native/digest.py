"""The SHA-256 of the C sources beside this file, as `make kernel` wrote it."""

DIGEST = "d734e274b0bbbaae82f655178f6def59f705566d257caec12df8a8ce31887093"
