"""What parties sign: the detached signature over a digest, and a version that amends another."""
