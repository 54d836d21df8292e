"""Tracks: one source, nothing dropped in silence, last known instead of a growing circle."""

import math
from dataclasses import replace

import pytest
from picture_values import HERE, at, by_node, motion, stamp

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.position import Position
from crosstell.core.ids import TrackId
from crosstell.core.picture.picture import Freshness, track_view
from crosstell.core.picture.track import (
    AHEAD_S_MAX,
    HISTORY_MAX,
    IRREGULAR_MAX,
    TRACK_TABLE,
    Hint,
    HintKind,
    Irregularity,
    Observation,
    ObservationFaulty,
    Track,
    TrackEnded,
    TrackEvent,
    TrackReported,
    TrackState,
    advance,
    observe,
)
from crosstell.core.picture.trust.kind import ObjectKind
from crosstell.core.table import Verdict

UAV = TrackId("uav-1")


def seen(seconds: float, *, lat_deg: float = 36.5, late_s: float = 1.0) -> Observation:
    return Observation(
        track=UAV,
        source="radar-1",
        motion=motion(seconds, lat_deg),
        received_at=at(seconds + late_s),
    )


def told(**changes: object) -> TrackReported:
    event = TrackReported(
        track=UAV,
        reporter="liaison officer",
        source="seen from the post",
        received_at=at(5),
        text="an uncrewed aircraft turned back towards us",
    )
    return replace(event, **changes)  # type: ignore[arg-type]


def ended(seconds: float = 50, source: str = "radar-1") -> TrackEnded:
    return TrackEnded(track=UAV, source=source, received_at=at(seconds), reason="landed")


def after(*events: TrackEvent) -> Track:
    track: Track | None = None
    for seq, event in enumerate(events):
        answer = advance(track, event, stamp(seq))
        assert isinstance(answer, Track), answer
        track = answer
    assert track is not None
    return track


def test_observations_of_one_source_make_a_track() -> None:
    """PIC-020."""
    hint = Hint(kind=HintKind.SQUAWK, value="7000")
    track = after(replace(seen(0), hints=(hint,)), seen(10))
    assert [one.motion.at for one in track.history] == [at(0), at(10)]
    assert track.hints == (hint,)
    assert track.latest is not None
    assert track.latest.received_at == at(11)


@pytest.mark.parametrize(
    "event", [replace(seen(10), source="radar-2"), ended(source="radar-2"), told(source="radar-1")]
)
def test_another_source_is_another_track(event: TrackEvent) -> None:
    """PIC-020."""
    answer = advance(after(seen(0)), event, stamp(1))
    assert isinstance(answer, Refused)
    assert answer.code is RefusalCode.BAD_CONTENT
    assert "another track" in answer.text


def test_a_report_carries_reporter_and_source_and_may_have_no_position() -> None:
    """PIC-021."""
    track = after(told())
    assert track.state is TrackState.UNPLACED
    assert (track.reporter, track.source) == ("liaison officer", "seen from the post")
    placed = after(told(), told(motion=motion(4), text="over the river"))
    assert placed.state is TrackState.HELD
    assert placed.last_words == "over the river"
    assert isinstance(advance(None, told(), by_node()), Refused)


@pytest.mark.parametrize("field", ["reporter", "source", "text"])
def test_a_report_without_its_origin_is_refused(field: str) -> None:
    """PIC-021."""
    with pytest.raises(ValueError, match=field):
        told(**{field: " "})


@pytest.mark.parametrize("lat_deg", [math.nan, math.inf, 91.0])
def test_a_measurement_of_no_place_is_kept_by_its_fault(lat_deg: float) -> None:
    """PIC-022."""

    def make() -> Motion:
        return replace(motion(20), position=Position(lat_deg=lat_deg, lon_deg=40.0))

    event = observe(track=UAV, source="radar-1", received_at=at(21), make=make)
    assert isinstance(event, ObservationFaulty)
    track = after(seen(0), event)
    assert track.irregular[0].why is Irregularity.FAULTY
    assert str(lat_deg) in track.irregular[0].text
    assert track.state is TrackState.HELD


def test_a_good_measurement_is_an_observation() -> None:
    """PIC-022."""
    made = observe(track=UAV, source="radar-1", received_at=at(21), make=lambda: motion(20))
    assert made == seen(20)


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (seen(30, late_s=-AHEAD_S_MAX - 0.001), Irregularity.FROM_THE_FUTURE),
        (seen(5), Irregularity.OUT_OF_ORDER),
        (seen(10, lat_deg=36.6), Irregularity.CONTRADICTS),
    ],
)
def test_what_is_not_usable_is_kept_and_named(event: Observation, why: Irregularity) -> None:
    """PIC-022."""
    track = after(seen(0), seen(10), event)
    assert track.latest is not None
    assert track.latest.motion == motion(10)
    assert [one.why for one in track.irregular] == [why]
    assert track.irregular[0].motion == event.motion
    assert track.irregular_total == 1


def test_a_clock_that_runs_ahead_does_not_make_the_object_vanish() -> None:
    """PIC-026."""
    first, second = seen(3_600, late_s=-3_600), seen(3_610, late_s=-3_600)
    track = after(first, second)
    assert track.state is TrackState.HELD
    assert track.latest is not None
    assert track.latest.motion == second.motion
    assert [one.why for one in track.irregular] == [Irregularity.FROM_THE_FUTURE] * 2
    text = track_view(track, now=at(10), stale_after_s=30.0).text
    assert "measured 3600.0 s after it reached us, used, for want of a better one" in text


def test_the_first_measurement_in_time_replaces_those_from_the_future() -> None:
    """PIC-026."""
    track = after(seen(3_600, late_s=-3_600), seen(20))
    assert [one.motion.at for one in track.history] == [at(20)]
    track = after(seen(3_600, late_s=-3_600), seen(20), seen(3_620, late_s=-3_600))
    assert [one.motion.at for one in track.history] == [at(20)]
    assert "not used" in track.irregular[-1].text


def test_a_clock_slightly_ahead_is_no_fault() -> None:
    """PIC-022."""
    assert after(seen(30, late_s=-AHEAD_S_MAX)).irregular == ()


def test_the_same_measurement_again_changes_nothing() -> None:
    """PIC-022."""
    assert isinstance(advance(after(seen(0)), seen(0, late_s=9), stamp(1)), Duplicate)


def test_histories_are_bounded_and_keep_the_newest() -> None:
    """PIC-023."""
    old = (seen(0, lat_deg=36.5 + n / 1_000) for n in range(1, IRREGULAR_MAX + 3))
    track = after(seen(0), *old, *(seen(n) for n in range(1, HISTORY_MAX + 5)))
    assert len(track.history) == HISTORY_MAX
    assert track.history[-1].motion.at == at(HISTORY_MAX + 4)
    assert len(track.irregular) == IRREGULAR_MAX
    assert track.irregular_total == IRREGULAR_MAX + 2


@pytest.mark.parametrize(
    ("now_s", "freshness"),
    [(0, Freshness.CURRENT), (30, Freshness.CURRENT), (30.001, Freshness.LAST_KNOWN)],
)
def test_stale_is_one_last_known_item_at_the_same_place(now_s: float, freshness: Freshness) -> None:
    """PIC-024."""
    shown = track_view(after(seen(0)), now=at(now_s), stale_after_s=30.0)
    assert shown.freshness is freshness
    assert shown.age_s == now_s
    assert shown.seen is not None
    assert shown.seen.motion.position == HERE


def test_a_person_may_say_what_kind_of_object_it_is() -> None:
    """TRU-030: before there is a position, too; what was said stands when it is left out."""
    track = after(
        told(kind=ObjectKind.SHIP),
        told(motion=motion(0)),
        told(motion=motion(60), received_at=at(61)),
    )
    assert track.kind is ObjectKind.SHIP
    assert track.trust is not None
    assert track.trust.kind is ObjectKind.SHIP
    assert track.trust.as_kind is not None
    assert track.trust.as_kind.paths[0].latest == motion(60)


def test_last_known_says_when_and_how_long_ago() -> None:
    """PIC-024."""
    shown = track_view(after(seen(0)), now=at(95), stale_after_s=30.0)
    assert shown.text == ("uav-1 (radar-1): last known position, of 2023-10-05T04:00:00Z, 95 s ago")


def test_an_object_without_usable_position_is_shown() -> None:
    """PIC-025."""
    faulty = ObservationFaulty(track=UAV, source="radar-1", received_at=at(5), fault="latitude nan")
    track = after(faulty)
    shown = track_view(track, now=at(10), stale_after_s=30.0)
    assert shown.freshness is Freshness.UNPLACED
    assert shown.seen is None
    assert "it may be anywhere; 1 irregular, the last faulty: latitude nan" in shown.text
    told_of = track_view(after(told()), now=at(10), stale_after_s=30.0)
    assert told_of.text.startswith("uav-1 (“seen from the post”, told by “liaison officer”)")


def test_ended_is_kept_and_opens_again() -> None:
    """PIC-025."""
    track = after(seen(0), ended())
    shown = track_view(track, now=at(60), stale_after_s=30.0)
    assert (shown.freshness, track.latest) == (Freshness.ENDED, after(seen(0)).latest)
    assert "landed" in shown.text
    assert after(seen(0), ended(), seen(60)).state is TrackState.HELD
    assert isinstance(advance(track, ended(), stamp(3)), Duplicate)
    assert isinstance(advance(None, ended(), stamp(3)), Refused)


def test_refused_pairs_by_name() -> None:
    """PIC-020."""
    refused = {f"{s}/{e}" for (s, e), v in TRACK_TABLE.rows.items() if v is Verdict.REFUSED}
    assert refused == {"absent/end"}
