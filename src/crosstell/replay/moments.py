"""How near points of interest are told apart: to the second where a minute is not enough.

Two points in one minute, minutes alike and leads alike to a tenth would look like one point.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Moment(Protocol):
    """Something with an instant."""

    @property
    def at(self) -> datetime:
        """The instant, aware UTC."""


def clock_of(at: datetime, points: Sequence[Moment]) -> str:
    """The instant to the minute, or to the second where a point needs it. Implements REP-068."""
    same = {point.at for point in points if f"{point.at:%F %H:%M}" == f"{at:%F %H:%M}"}
    return f"{at:%H:%M:%SZ}" if at.second or len(same) > 1 else f"{at:%H:%MZ}"


def decimals_of(points: Sequence[Moment]) -> int:
    """With how many decimals minutes are shown: one, or two where two points share a minute."""
    instants = {point.at for point in points}
    return 1 if len({f"{at:%F %H:%M}" for at in instants}) == len(instants) else 2
