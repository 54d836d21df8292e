"""Stores: the small contract and its back ends."""
