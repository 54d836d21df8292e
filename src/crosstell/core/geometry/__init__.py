"""Positions, shapes and motion on the WGS-84 ellipsoid."""
