"""Small claims for the tests of accounts."""

from datetime import datetime

from picture_values import speaker, stamp

from crosstell.core.assessment.account.claim import (
    Claim,
    ClaimEvent,
    ClaimRevised,
    ClaimStated,
    Confidence,
    Source,
    SourceKind,
    Voice,
    advance,
)
from crosstell.core.assessment.account.content import (
    ClockReading,
    Distance,
    Measure,
    Moment,
    Place,
    Stated,
)
from crosstell.core.assessment.account.side_by_side import HeldClaim
from crosstell.core.geometry.position import Position
from crosstell.core.ids import ClaimId, PartyId
from crosstell.core.instant import parse_instant

BLUE, RED = PartyId("blue"), PartyId("red")
BRIEFING = Source(kind=SourceKind.OWN_STATEMENT, words="briefing of 5 October")


def moment(earliest: str, latest: str | None = None) -> Moment:
    """Times of one day, as `08:40`."""
    return Moment(earliest=time(earliest), latest=time(latest or earliest), as_stated=earliest)


def face(clock: str) -> ClockReading:
    return ClockReading(face=time(clock), as_stated=clock)


def time(clock: str) -> datetime:
    return parse_instant(f"2023-10-05T{clock}:00Z")


def place(lat_deg: float, lon_deg: float, within_m: float | None = None) -> Place:
    at = Position(lat_deg=lat_deg, lon_deg=lon_deg)
    return Place(of_what="the drone", position=at, within_m=within_m)


def depth(at_least_m: float, at_most_m: float | None, measure: Measure) -> Distance:
    return Distance(
        of_what="the aircraft",
        reference="the border",
        at_least_m=at_least_m,
        at_most_m=at_most_m,
        measure=measure,
    )


def stated(
    content: Stated,
    name: str = "c",
    *,
    by: PartyId = BLUE,
    matter: str = "shoot-down",
    said_at: datetime | None = None,
) -> ClaimStated:
    return ClaimStated(
        claim=ClaimId(name),
        matter=matter,
        content=content,
        voice=Voice(words=f"spokesman of {by}", party=by),
        source=BRIEFING,
        confidence=Confidence.AS_FACT,
        marking="public",
        said_at=said_at,
    )


def revised(content: Stated, version: int = 2, name: str = "c") -> ClaimRevised:
    return ClaimRevised(
        claim=ClaimId(name),
        version=version,
        content=content,
        source=BRIEFING,
        confidence=Confidence.ESTIMATE,
        reason="the recorder's clock was read again",
    )


def after(*events: ClaimEvent, seq: int = 0, feed: str = "feed-blue") -> Claim:
    """The claim that these events make."""
    claim: Claim | None = None
    for number, event in enumerate(events):
        answer = advance(claim, event, stamp(seq + number, feed=feed, by=speaker()))
        assert isinstance(answer, Claim), answer
        claim = answer
    assert claim is not None
    return claim


def held(
    content: Stated,
    *,
    by: PartyId = BLUE,
    name: str | None = None,
    matter: str = "shoot-down",
    seq: int = 0,
    recorded_by: PartyId | None = None,
) -> HeldClaim:
    """A claim of `by`, recorded by the same party unless said."""
    keeper = recorded_by or by
    event = stated(content, name or f"{by}-{seq}", by=by, matter=matter)
    return HeldClaim(recorded_by=keeper, claim=after(event, seq=seq, feed=f"feed-{keeper}"))
