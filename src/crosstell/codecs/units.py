"""Units that a person may write in a document instead of the one the field has.

A field `radius_m` may be written `radius_nm: 3`; the key says the unit, so nothing is guessed.
All conversion is by `core.quantity` or an exact factor. `_min` is never minutes: it is the
qualifier for a minimum. Implements COD-032.
"""

import re
from collections.abc import Callable, Mapping

from crosstell.core.quantity import (
    feet_to_m,
    knots_to_mps,
    nautical_miles_to_m,
    statute_miles_to_m,
)

Convert = Callable[[float], float]


def _times(factor: float) -> Convert:
    return lambda value: value * factor


OTHER_UNITS: Mapping[str, Mapping[str, Convert]] = {
    "m": {
        "km": _times(1_000.0),
        "ft": feet_to_m,
        "nm": nautical_miles_to_m,
        "statute_miles": statute_miles_to_m,
    },
    "s": {"minutes": _times(60.0), "hours": _times(3_600.0), "days": _times(86_400.0)},
    "mps": {"kt": knots_to_mps},
    "deg": {},
}
_NAME = re.compile(r"(?P<stem>.+)_(?P<token>deg|mps|m|s)(?P<qualifier>_min|_max)?")


def other_names(name: str) -> dict[str, Convert]:
    """The keys that may stand for the field `name`, each with its conversion."""
    match = _NAME.fullmatch(name)
    if match is None:
        return {}
    stem, qualifier = match["stem"], match["qualifier"] or ""
    return {
        f"{stem}_{unit}{qualifier}": convert
        for unit, convert in OTHER_UNITS[match["token"]].items()
    }
