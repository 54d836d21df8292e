"""Two pictures of one traffic, set against each other: what differs, or why nothing can be said."""

from dataclasses import dataclass

from crosstell.replay.played.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturesTold:
    """What the comparison of two parties' pictures says. `lines` are its findings in words."""

    headline: str
    lines: tuple[str, ...]
    not_testable: tuple[str, ...]


def pictures_of(trace: Trace, parties: tuple[str, ...]) -> PicturesTold:
    """Nothing yet."""
    del trace, parties
    return PicturesTold(headline="", lines=(), not_testable=())
