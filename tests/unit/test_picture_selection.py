"""What detection is given: notices in force, which rule they bear on, tracks by freshness."""

import pytest
from picture_values import START, at, motion, speaker, stamp, volume, zone

from crosstell.core.ids import NoticeId, PartyId, TrackId
from crosstell.core.instant import Window
from crosstell.core.picture.content import (
    Activity,
    ActivityKind,
    AvoidanceRequest,
    Content,
    GeneralNotice,
    NotifiedMovement,
    NotifiedSite,
    OwnForceLocation,
)
from crosstell.core.picture.notice import Notice, NoticeFiled, NoticeWithdrawn, advance
from crosstell.core.picture.picture import (
    Bearing,
    HeldNotice,
    Picture,
    bearing,
    bearing_on,
    by_freshness,
    in_force,
    in_force_during,
    shown_only,
    standing,
)
from crosstell.core.picture.track import Seen, Track, TrackState

BLUE = PartyId("blue")
GENERAL = GeneralNotice(text="stay away", source="press conference")
MOVING = Activity(kind=ActivityKind.UNCREWED_FLIGHT, volumes=(volume(),))
EVERY_KIND: list[tuple[Content, Bearing]] = [
    (zone(), Bearing.ZONE),
    (OwnForceLocation(volume=volume()), Bearing.STANDOFF),
    (AvoidanceRequest(volume=volume(), asked="avoid"), Bearing.STANDOFF),
    (NotifiedSite(notifier="agency", volume=volume(), what="hospital"), Bearing.PROTECTED),
    (NotifiedMovement(notifier="agency", volumes=(volume(),), what="convoy"), Bearing.PROTECTED),
    (MOVING, Bearing.PLAN),
    (GENERAL, Bearing.NONE),
]


def held(name: str, *contents: Content, withdrawn: bool = False) -> HeldNotice:
    notice: Notice | None = None
    for version, content in enumerate(contents, start=1):
        event = NoticeFiled(
            notice=NoticeId(name),
            version=version,
            content=content,
            marking="restricted",
            second=speaker(role="watch-chief"),
        )
        answer = advance(notice, event, stamp(version))
        assert isinstance(answer, Notice)
        notice = answer
    assert notice is not None
    if withdrawn:
        event_ = NoticeWithdrawn(notice=NoticeId(name), version=len(contents), reason="over")
        answer = advance(notice, event_, stamp(9))
        assert isinstance(answer, Notice)
        notice = answer
    return HeldNotice(party=BLUE, notice=notice)


def picture(*notices: HeldNotice, tracks: tuple[Track, ...] = ()) -> Picture:
    return Picture(party=BLUE, at=START, notices=notices, tracks=tracks)


def test_withdrawn_and_superseded_are_gone() -> None:
    """PIC-050."""
    seen = picture(held("a", zone(0, 100), zone(200, 300)), held("b", zone(0, 100), withdrawn=True))
    assert in_force(seen, at=at(50)) == ()
    (only,) = in_force(seen, at=at(250))
    assert (only.notice, only.version, only.party) == ("a", 2, BLUE)
    assert only.ref == stamp(2).ref


@pytest.mark.parametrize(("seconds", "held_then"), [(-1, 0), (0, 1), (99, 1), (100, 0)])
def test_in_force_is_half_open(seconds: float, held_then: int) -> None:
    """PIC-050."""
    assert len(in_force(picture(held("a", zone(0, 100))), at=at(seconds))) == held_then


@pytest.mark.parametrize(
    ("start", "end", "found"), [(0, 100, 0), (0, 101, 1), (199, 300, 1), (200, 300, 0)]
)
def test_a_notice_that_begins_before_the_horizon_is_not_lost(
    start: float, end: float, found: int
) -> None:
    """PIC-051."""
    window = Window(start=at(start), end=at(end))
    notices = in_force_during(picture(held("a", zone(100, 200))), window=window)
    assert len(notices) == found


@pytest.mark.parametrize(("content", "kind"), EVERY_KIND)
def test_every_kind_bears_on_one_kind_of_rule(content: Content, kind: Bearing) -> None:
    """PIC-052."""
    assert bearing(content) is kind
    notices = standing(picture(held("a", content)))
    assert [one for one in Bearing if bearing_on(notices, kind=one)] == [kind]


def test_general_notices_are_listed_and_never_computed_on() -> None:
    """PIC-053."""
    seen = picture(held("a", GENERAL), held("b", zone()))
    assert [one.content for one in shown_only(seen)] == [GENERAL]
    assert [one.notice for one in in_force(seen, at=START)] == ["b"]
    window = Window(start=at(-1e6), end=at(1e6))
    assert [one.notice for one in in_force_during(seen, window=window)] == ["b"]


def track(name: str, state: TrackState, *times: float) -> Track:
    history = tuple(Seen(motion=motion(one), received_at=at(one)) for one in times)
    return Track(track=TrackId(name), source="radar", state=state, history=history)


def test_every_track_is_in_exactly_one_place() -> None:
    """PIC-054."""
    tracks = (
        track("current", TrackState.HELD, -5),
        track("old", TrackState.HELD, -300),
        track("word", TrackState.UNPLACED),
        track("landed", TrackState.ENDED, -5),
    )
    parted = by_freshness(picture(tracks=tracks), stale_after_s=60.0)
    assert [one.track for one in parted.current] == ["current"]
    assert [one.track for one in parted.last_known] == ["old"]
    assert [one.track for one in parted.unplaced] == ["word"]
    assert [one.track for one in parted.ended] == ["landed"]


def test_the_order_of_arrival_does_not_matter() -> None:
    """PIC-054."""
    notices = (held("a", zone()), held("b", zone()))
    tracks = (track("x", TrackState.HELD, 0), track("y", TrackState.HELD, 0))
    one = picture(*notices, tracks=tracks)
    assert one == picture(*reversed(notices), tracks=tracks[::-1])
