"""Geodesics on WGS-84 over NumPy arrays, for oracles over many pairs.

T. Vincenty, Direct and inverse solutions of geodesics on the ellipsoid with application of nested
equations, Survey Review 23 (1975) 88-93. Good to a tenth of a millimetre where the points are not
nearly opposite. Nothing of the product is used.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

A_M = 6_378_137.0
F = 1 / 298.257223563
B_M = A_M * (1 - F)
ROUNDS = 6


def _series(cos2_alpha: Floats) -> tuple[Floats, Floats]:
    u_2 = cos2_alpha * (A_M**2 - B_M**2) / B_M**2
    big_a = 1 + u_2 / 16384 * (4096 + u_2 * (-768 + u_2 * (320 - 175 * u_2)))
    big_b = u_2 / 1024 * (256 + u_2 * (-128 + u_2 * (74 - 47 * u_2)))
    return big_a, big_b


def _change(big_b: Floats, sin_s: Floats, cos_s: Floats, cos_2m: Floats) -> Floats:
    inner = cos_s * (2 * cos_2m**2 - 1)
    inner = inner - big_b / 6 * cos_2m * (4 * sin_s**2 - 3) * (4 * cos_2m**2 - 3)
    return np.asarray(big_b * sin_s * (cos_2m + big_b / 4 * inner))


def _c(cos2_alpha: Floats) -> Floats:
    return F / 16 * cos2_alpha * (4 + F * (4 - 3 * cos2_alpha))


def direct(phi: Floats, lam: Floats, azimuth: Floats, travel_m: Floats) -> tuple[Floats, Floats]:
    """Latitude and longitude after the travel; everything in radians and metres."""
    beta = np.arctan2((1 - F) * np.sin(phi), np.cos(phi))
    sigma_1 = np.arctan2(np.tan(beta), np.cos(azimuth))
    sin_alpha = np.cos(beta) * np.sin(azimuth)
    cos2_alpha = 1 - sin_alpha**2
    big_a, big_b = _series(cos2_alpha)
    sigma = travel_m / (B_M * big_a)
    for _ in range(ROUNDS):
        cos_2m = np.cos(2 * sigma_1 + sigma)
        change = _change(big_b, np.sin(sigma), np.cos(sigma), cos_2m)
        sigma = travel_m / (B_M * big_a) + change
    cos_2m, sin_s, cos_s = np.cos(2 * sigma_1 + sigma), np.sin(sigma), np.cos(sigma)
    sin_b, cos_b, sin_z, cos_z = np.sin(beta), np.cos(beta), np.sin(azimuth), np.cos(azimuth)
    across = np.hypot(sin_alpha, sin_b * sin_s - cos_b * cos_s * cos_z)
    there = np.arctan2(sin_b * cos_s + cos_b * sin_s * cos_z, (1 - F) * across)
    east = np.arctan2(sin_s * sin_z, cos_b * cos_s - sin_b * sin_s * cos_z)
    c = _c(cos2_alpha)
    inner = cos_2m + c * cos_s * (2 * cos_2m**2 - 1)
    return there, lam + east - (1 - c) * F * sin_alpha * (sigma + c * sin_s * inner)


def distance(phi_1: Floats, lam_1: Floats, phi_2: Floats, lam_2: Floats) -> Floats:
    """Length of the geodesic in metres."""
    beta_1 = np.arctan2((1 - F) * np.sin(phi_1), np.cos(phi_1))
    beta_2 = np.arctan2((1 - F) * np.sin(phi_2), np.cos(phi_2))
    s_1, c_1, s_2, c_2 = np.sin(beta_1), np.cos(beta_1), np.sin(beta_2), np.cos(beta_2)
    turn = np.remainder(lam_2 - lam_1 + np.pi, 2 * np.pi) - np.pi
    lam = turn
    sigma = sin_s = cos_s = cos_2m = cos2_alpha = np.zeros_like(turn)
    for _ in range(ROUNDS):
        sin_l, cos_l = np.sin(lam), np.cos(lam)
        # the half-angle form of c1 s2 - s1 c2 cos(lam) keeps its figures for near points
        half = 2 * s_1 * c_2 * np.sin(lam / 2) ** 2
        sin_s = np.hypot(c_2 * sin_l, np.sin(beta_2 - beta_1) + half)
        cos_s = s_1 * s_2 + c_1 * c_2 * cos_l
        sigma = np.arctan2(sin_s, cos_s)
        sin_alpha = c_1 * c_2 * sin_l / np.maximum(sin_s, 1e-300)
        cos2_alpha = 1 - sin_alpha**2
        flat = cos2_alpha < 1e-14
        cos_2m = np.where(flat, 0.0, cos_s - 2 * s_1 * s_2 / np.where(flat, 1.0, cos2_alpha))
        c = _c(cos2_alpha)
        inner = cos_2m + c * cos_s * (2 * cos_2m**2 - 1)
        lam = turn + (1 - c) * F * sin_alpha * (sigma + c * sin_s * inner)
    big_a, big_b = _series(cos2_alpha)
    return np.asarray(B_M * big_a * (sigma - _change(big_b, sin_s, cos_s, cos_2m)))
