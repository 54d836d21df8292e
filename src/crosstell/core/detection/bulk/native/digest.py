"""The SHA-256 of the C sources beside this file, as `make kernel` wrote it."""

DIGEST = "761d39d724d2f1d878cf6d915cc95fb8b34218d76ff9928a18f45413ae4bfd72"
