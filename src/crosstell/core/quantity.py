"""The only converters between SI and the field's units. SI everywhere else in the core."""

FOOT_M = 0.3048  # international foot, exact
NAUTICAL_MILE_M = 1852.0  # exact, BIPM SI brochure, 8th edition, table 8
STATUTE_MILE_M = 1609.344  # international mile, exact
KNOT_MPS = NAUTICAL_MILE_M / 3600.0


def feet_to_m(value_ft: float) -> float:
    """Metres from international feet."""
    return value_ft * FOOT_M


def m_to_feet(value_m: float) -> float:
    """International feet from metres."""
    return value_m / FOOT_M


def nautical_miles_to_m(value_nm: float) -> float:
    """Metres from nautical miles."""
    return value_nm * NAUTICAL_MILE_M


def m_to_nautical_miles(value_m: float) -> float:
    """Nautical miles from metres."""
    return value_m / NAUTICAL_MILE_M


def statute_miles_to_m(value_mi: float) -> float:
    """Metres from statute miles."""
    return value_mi * STATUTE_MILE_M


def knots_to_mps(value_kt: float) -> float:
    """Metres per second from knots."""
    return value_kt * KNOT_MPS
