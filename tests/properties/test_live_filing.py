"""A filed notice has the tracks tested that it may concern; of no other is anything decided anew.

In the pictures of `test_live_selection`, and in a few where only a track's history tells.
"""

from datetime import timedelta

import pytest
from node_pair import BRAVO, DUTY
from sampling import thinned
from test_live_selection import JOURNAL, LOGS, Scene, founded

from crosstell.core.altitude import Unbounded
from crosstell.core.detection.about import NoticeOf, tracks_of
from crosstell.core.detection.alert import AlertDecision
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import NoticeId, TrackId
from crosstell.core.instant import Window
from crosstell.core.mechanism.assess.concerning import concerned
from crosstell.core.mechanism.assess.deciding import decided
from crosstell.core.picture.content import Activity, ActivityKind, Content, FieldType, Zone
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.track import Observation


def file_and_compare(seed: str, moves: int) -> tuple[int, int]:
    """The moves of one seed; how often a filed notice concerned a track, and left one out."""
    scene, in_it, out_of_it = founded(seed), 0, 0
    for _ in range(moves):
        scene.tell_time()
        for change in (scene.file, scene.own, scene.read):
            if scene.draw.random() < 0.4:
                change()
        changed = scene.observe()
        for decision in decided(scene.state, scene.state.journal.tracks, changed, scene.now):
            scene.put(JOURNAL, decision, None)
        before, versions = scene.state, dict(scene.notices)
        scene.file()
        new = frozenset(
            NoticeOf(party=party, notice=name)
            for (party, name), version in scene.notices.items()
            if versions.get((party, name)) != version
        )
        if not new:
            continue
        state, tracks = scene.state, scene.state.journal.tracks
        found = concerned(state, new, scene.now)
        every = [decided(one, tracks, frozenset(tracks), scene.now) for one in (before, state)]
        inside, (was, outside) = _of(every[1], found)[0], (_of(one, found)[1] for one in every)
        assert decided(state, tracks, found, scene.now) == inside, seed
        assert outside == was, seed
        in_it, out_of_it = in_it + bool(inside), out_of_it + bool(outside)
        for decision in inside:
            scene.put(JOURNAL, decision, None)
    return in_it, out_of_it


def _of(
    decisions: tuple[AlertDecision, ...], tracks: frozenset[TrackId]
) -> tuple[tuple[AlertDecision, ...], tuple[AlertDecision, ...]]:
    """Those about one of these tracks, and the others, each in their order."""
    about = [not tracks.isdisjoint(tracks_of(one.key.about)) for one in decisions]
    inside = tuple(one for one, is_in in zip(decisions, about, strict=True) if is_in)
    return inside, tuple(one for one, is_in in zip(decisions, about, strict=True) if not is_in)


@pytest.mark.parametrize("scene", thinned(("0 1", "0 0", "1 0", "1 1"), every=4))
def test_a_filed_notice_changes_nothing_of_the_tracks_it_does_not_concern(scene: str) -> None:
    """MEC-014: those it concerns are decided as if all were tested, the others as before."""
    assert min(file_and_compare(f"filed {scene}", moves=12)) > 0


@pytest.mark.long
@pytest.mark.parametrize("part", range(40))
def test_it_does_so_for_many_more_notices(part: int) -> None:
    """MEC-014."""
    for number in range(25):
        file_and_compare(f"filed, long, {part} {number}", moves=20)


def volume_at(scene: Scene, place: Position, start_s: float, end_s: float) -> Volume:
    """A kilometre about the place, from so many seconds after now."""
    window = Window(
        start=scene.now + timedelta(seconds=start_s), end=scene.now + timedelta(seconds=end_s)
    )
    circle = Circle(centre=place, radius_m=1_000.0)
    return Volume(footprint=circle, lower=Unbounded(), upper=Unbounded(), window=window)


def filed(scene: Scene, name: str, content: Content) -> frozenset[NoticeOf]:
    """Bravo files it."""
    version = scene.notices.get((BRAVO, NoticeId(name)), 0) + 1
    scene.notices[BRAVO, NoticeId(name)] = version
    body = NoticeFiled(
        notice=NoticeId(name), version=version, content=content, marking="TEST", releasable_to=()
    )
    scene.put(LOGS[BRAVO], body, Speaker(party=BRAVO, role=DUTY, watch="1"))
    return frozenset({NoticeOf(party=BRAVO, notice=NoticeId(name))})


def seen_at(scene: Scene, name: str, *places: Position) -> None:
    """The track was at these places, ten minutes apart, and is at the last one now."""
    for number, place in enumerate(places):
        at = scene.now - timedelta(seconds=600 * (len(places) - 1 - number))
        motion = Motion(
            position=place,
            at=at,
            altitude=None,
            velocity=None,
            position_accuracy_m=10.0,
            altitude_accuracy_m=None,
        )
        body = Observation(track=TrackId(name), source="radar-1", motion=motion, received_at=at)
        scene.put(JOURNAL, body, None)


def flight(*volumes: Volume) -> Activity:
    return Activity(kind=ActivityKind.CREWED_FLIGHT, volumes=volumes)


def test_who_was_led_into_a_filed_activity_is_concerned() -> None:
    """MEC-014: its place is over and out of reach, but the track has been there in its time."""
    scene = founded("filed")
    here, there, far = (
        destination(scene.anchor, track_deg=90.0, travel_m=away_m)
        for away_m in (0.0, 900_000.0, 3_000_000.0)
    )
    seen_at(scene, "t-1", here, there)
    seen_at(scene, "t-2", there, there)
    content = flight(volume_at(scene, here, -900, -300), volume_at(scene, far, 0, 900))
    new = filed(scene, "n-2", content)
    assert concerned(scene.state, new, scene.now) == {"t-1"}
    new = filed(scene, "n-2", flight(volume_at(scene, far, 0, 900)))
    assert concerned(scene.state, new, scene.now) == {"t-1"}  # its earlier version led it


def test_who_an_activity_leads_near_a_filed_zone_is_concerned() -> None:
    """MEC-014: beyond what its course may reach, by where its activity says that it will be."""
    scene = founded("filed")
    here, there = (
        destination(scene.anchor, track_deg=90.0, travel_m=away_m) for away_m in (0.0, 3_000_000.0)
    )
    seen_at(scene, "t-1", here)
    zone = Zone(
        field_type=FieldType.ROZ,
        declaring_authority="forces",
        volume=volume_at(scene, there, 0, 900),
        duty="keep out",
    )
    new = filed(scene, "zone-1", zone)
    assert concerned(scene.state, new, scene.now) == frozenset()
    filed(scene, "n-1", flight(volume_at(scene, here, -60, 60), volume_at(scene, there, 60, 900)))
    new = filed(scene, "zone-2", zone)
    assert concerned(scene.state, new, scene.now) == {"t-1"}
