"""Tracks with zones over arrays, and the live index: refusals, conversions, updates."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from geographiclib.geodesic import Geodesic
from sampling import seeds
from track_scenes import motion
from volume_scenes import ANYTIME, DATA, NOW, PLACES, criterion, volume

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.detection.bulk import zones
from crosstell.core.detection.bulk.columns import TrackColumns
from crosstell.core.detection.bulk.entry import waiting
from crosstell.core.detection.bulk.index.tracks import AHEAD_S, TrackIndex
from crosstell.core.detection.bulk.index.zones import ZoneIndex
from crosstell.core.detection.bulk.kernel import KERNEL, Kernel
from crosstell.core.detection.bulk.traffic import Threads
from crosstell.core.detection.bulk.volumes import volume_columns
from crosstell.core.detection.bulk.zones import Tuning, entries
from crosstell.core.detection.finding import Assessed, Criterion
from crosstell.core.detection.pair.plan import pairing as plan_pairing
from crosstell.core.detection.pair.reach import SMALL_DRONE
from crosstell.core.detection.pair.traffic import pairing as track_pairing
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry.footprint import Circle, Polygon, RadarArc
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import Window

PATHS = [None] if KERNEL is None else [None, KERNEL]
MSL = Datum.MSL_EGM96
PLACE = PLACES[1]
EARTH = Geodesic.WGS84


def flying(travel_m: float, track_deg: float, speed_mps: float = 100.0) -> Motion:
    """Level at 500 m, exactly known, `travel_m` west of PLACE."""
    return Motion(
        position=destination(PLACE, track_deg=270.0, travel_m=travel_m),
        at=NOW,
        altitude=Altitude(value_m=500.0, datum=MSL),
        velocity=Velocity(track_deg=track_deg, speed_mps=speed_mps, climb_mps=0.0),
        position_accuracy_m=0.0,
        altitude_accuracy_m=0.0,
    )


def zone(radius_m: float = 1_000.0) -> Volume:
    return replace(ANYTIME, footprint=Circle(centre=PLACE, radius_m=radius_m))


def columns(motions: list[Motion]) -> TrackColumns:
    return TrackColumns.from_motions(motions, NOW, datum=MSL, data=DATA)


@pytest.mark.parametrize("kernel", PATHS)
def test_entry_and_exit_of_a_crossing(kernel: Kernel | None) -> None:
    """BLV-020, BLV-021: in after 40 s, out after 60 s; the one that flies away is not named."""
    tracks = columns([flying(5_000.0, 270.0), flying(5_000.0, 90.0)])
    found = entries(
        tracks, volume_columns([zone()]), criterion(), NOW, tuning=Tuning(kernel=kernel)
    )
    assert (found.track.tolist(), found.zone.tolist()) == ([1], [0])
    assert found.assessed.tolist() == [1]
    assert found.infringement_in_s[0] == pytest.approx(40.0, abs=0.1)
    assert found.nominal_in_s[0] == pytest.approx(40.0, abs=0.1)
    assert found.exit_in_s[0] == pytest.approx(60.0, abs=0.1)


@pytest.mark.parametrize("kernel", PATHS)
@pytest.mark.parametrize(("aside_m", "found_there"), [(999.5, [1]), (1_000.5, [])])
def test_a_zone_far_ahead_is_grazed(
    kernel: Kernel | None, aside_m: float, found_there: list[int]
) -> None:
    """BLV-020: 124 km ahead, half a metre inside the rim or outside it."""
    rim = destination(PLACE, track_deg=0.0, travel_m=aside_m)
    start = destination(rim, track_deg=270.0, travel_m=124_000.0)
    away = EARTH.Inverse(start.lat_deg, start.lon_deg, rim.lat_deg, rim.lon_deg)
    passing = replace(flying(0.0, away["azi1"], speed_mps=250.0), position=start)
    found = entries(
        columns([passing]), volume_columns([zone()]), criterion(), NOW, tuning=Tuning(kernel=kernel)
    )
    assert found.assessed.tolist() == found_there


@pytest.mark.parametrize("kernel", PATHS)
@pytest.mark.parametrize(("opens_s", "found_there"), [(600.0, [1]), (600.001, [])])
def test_a_window_that_opens_at_the_horizon(
    kernel: Kernel | None, opens_s: float, found_there: list[int]
) -> None:
    """BLV-020: the horizon of 600 s is closed; inside a polygon then, entering it before."""
    begin = NOW + timedelta(seconds=opens_s)
    window = Window(start=begin, end=begin + timedelta(hours=1))
    corners = (destination(PLACE, track_deg=t, travel_m=9_000.0) for t in (0.0, 90.0, 180.0, 270.0))
    square = replace(ANYTIME, footprint=Polygon(vertices=tuple(corners)), window=window)
    found = entries(
        columns([flying(60_000.0, 90.0)]),
        volume_columns([square]),
        criterion(),
        NOW,
        tuning=Tuning(kernel=kernel),
    )
    assert found.assessed.tolist() == found_there


@pytest.mark.parametrize("kernel", PATHS)
@pytest.mark.parametrize(
    ("altitude_m", "climb_mps", "found_there"),
    [(530.0, 0.0, [1]), (530.001, 0.0, []), (619.0, -1.5, [1]), (621.0, -1.5, [])],
)
def test_a_track_over_the_ceiling_is_near_it_or_not(
    kernel: Kernel | None, altitude_m: float, climb_mps: float, found_there: list[int]
) -> None:
    """BLV-020: 30 m over a ceiling of 500 m, exactly or not; or sinking to that until it leaves."""
    flown = replace(
        flying(5_000.0, 90.0),
        altitude=Altitude(value_m=altitude_m, datum=MSL),
        velocity=Velocity(track_deg=90.0, speed_mps=100.0, climb_mps=climb_mps),
    )
    low = replace(zone(), upper=Altitude(value_m=500.0, datum=MSL))
    rule, tuning = criterion(0.0, 30.0), Tuning(kernel=kernel)
    found = entries(columns([flown]), volume_columns([low]), rule, NOW, tuning=tuning)
    assert found.assessed.tolist() == found_there
    turning = replace(rule, manoeuvre=SMALL_DRONE)
    told = pairing(flown, low, turning, NOW)
    again = entries(columns([flown]), volume_columns([low]), turning, NOW, tuning=tuning)
    assert len(again) == (told.assessed is not Assessed.CLEAR)


@pytest.mark.parametrize("kernel", PATHS)
def test_every_track_in_every_zone_loses_no_pair(
    kernel: Kernel | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """BLV-022: no room, parts of a few pairs, three threads; one track may be anywhere."""
    monkeypatch.setattr(zones, "PIECES_MAX", 3)
    monkeypatch.setattr(waiting, "CHUNK", 5)
    lost = replace(flying(0.0, 0.0), velocity=None, at=NOW - timedelta(hours=2))
    gone = replace(lost, at=NOW - timedelta(days=4))
    flown = columns([*(flying(5_000.0 + k, 90.0) for k in range(20)), lost, gone])
    places = volume_columns([zone(1_000.0 + k) for k in range(9)])
    with ThreadPoolExecutor(3) as pool:
        threads = Threads(3, pool.map)
        tuning = Tuning(kernel=kernel, capacity=0, threads=threads)
        found = entries(flown, places, criterion(), NOW, tuning=tuning)
    pairs = [(track, place) for track in range(22) for place in range(9)]
    assert list(zip(found.track.tolist(), found.zone.tolist(), strict=True)) == pairs


@pytest.mark.parametrize("kernel", PATHS)
def test_no_tracks_and_no_zones_have_no_pair(kernel: Kernel | None) -> None:
    """BLV-020: nothing to compare."""
    for flown, places in (([], [zone()]), ([flying(0.0, 0.0)], []), ([], [])):
        found = entries(
            columns(flown), volume_columns(places), criterion(), NOW, tuning=Tuning(kernel=kernel)
        )
        assert len(found) == 0


def test_two_datums_are_refused() -> None:
    """BLV-023: the message says what to do."""
    volumes = volume_columns([zone()], datum=Datum.WGS84_ELLIPSOID)
    with pytest.raises(ValueError, match="make both columns in one"):
        entries(columns([flying(0.0, 0.0)]), volumes, criterion(), NOW)


@pytest.mark.parametrize("kernel", PATHS)
def test_a_converted_altitude_keeps_its_uncertainty(kernel: Kernel | None) -> None:
    """BLV-025: 1 m over the ceiling, known to 2 m: not ruled out, with the motions or without."""
    high = replace(
        flying(5_000.0, 90.0), altitude=Altitude(value_m=526.0, datum=Datum.WGS84_ELLIPSOID)
    )
    volumes = volume_columns([replace(zone(), upper=Altitude(value_m=500.0, datum=MSL))], data=DATA)
    for motions in ([high], []):
        found = entries(
            columns([high]),
            volumes,
            criterion(),
            NOW,
            motions=motions,
            tuning=Tuning(kernel=kernel),
        )
        assert (found.assessed.tolist(), found.is_exact.tolist()) == ([2], [True])


@pytest.mark.parametrize("kernel", PATHS)
def test_a_turn_may_bring_it_in(kernel: Kernel | None) -> None:
    """BLV-024: past the zone by its course, 500 m aside: only a manoeuvre reaches it."""
    rule = replace(criterion(), manoeuvre=SMALL_DRONE)
    passing = flying(1_500.0, 0.0, speed_mps=20.0)
    for stated, expected in ((criterion(), []), (rule, [2])):
        found = entries(
            columns([passing]), volume_columns([zone()]), stated, NOW, tuning=Tuning(kernel=kernel)
        )
        assert found.assessed.tolist() == expected


@pytest.mark.parametrize("kernel", PATHS)
def test_a_radar_arc_is_decided_exactly(kernel: Kernel | None) -> None:
    """BLV-026: within its ball the exact pairing decides; through the gap it is clear."""
    arc = RadarArc(
        centre=PLACE,
        inner_radius_m=500.0,
        outer_radius_m=1_000.0,
        from_bearing_deg=0.0,
        to_bearing_deg=90.0,
    )
    volumes = volume_columns([replace(ANYTIME, footprint=arc)])
    east = flying(700.0, 80.0)
    north = replace(east, velocity=Velocity(track_deg=0.0, speed_mps=100.0, climb_mps=0.0))
    found = entries(columns([east, north]), volumes, criterion(), NOW, tuning=Tuning(kernel=kernel))
    assert (found.track.tolist(), found.is_exact.tolist()) == ([0], [True])


@pytest.mark.parametrize("kernel", PATHS)
def test_no_track_and_no_zone(kernel: Kernel | None) -> None:
    """BLV-020: empty answers."""
    tuning = Tuning(kernel=kernel)
    none, some = columns([]), columns([flying(0.0, 0.0)])
    assert len(entries(none, volume_columns([zone()]), criterion(), NOW, tuning=tuning)) == 0
    assert len(entries(some, volume_columns([]), criterion(), NOW, tuning=tuning)) == 0


def scene(seed: int) -> tuple[list[Motion], list[Volume], Criterion]:
    rng = random.Random(f"index{seed}")
    place = PLACES[seed % len(PLACES)]
    size_m = rng.choice((1_000.0, 20_000.0))
    volumes = [volume(rng, place, 8.0 * size_m, size_m * 0.3) for _ in range(40)]
    motions = [motion(rng, place, 80_000.0, speed_mps=60.0) for _ in range(40)]
    rule = criterion(rng.choice((0.0, 500.0)), 30.0, 300.0)
    return motions, volumes, replace(rule, manoeuvre=SMALL_DRONE) if seed % 2 else rule


@pytest.mark.parametrize("seed", seeds(6, few=2))
def test_what_the_index_of_volumes_leaves_out_is_clear(seed: int) -> None:
    """BLV-030, BLV-031: by key, and for volumes; some are left out."""
    motions, volumes, rule = scene(seed)
    index = ZoneIndex[str]()
    for number, place in enumerate(volumes):
        index.put(f"old{number}", [place])
        index.put(f"n{number // 2}", [place, place])  # replaced by what follows
    for number in range(len(volumes)):
        index.remove(f"old{number}")
    for number in range(len(volumes) // 2):
        index.put(f"n{number}", volumes[2 * number : 2 * number + 2])
    assert len(index) == len(volumes)
    named = 0
    for one in motions:
        rows = {2 * int(key[1:]) + number for key, number in index.of_motion(one, rule, NOW)}
        named += len(rows)
        for row in set(range(len(volumes))) - rows:
            assert pairing(one, volumes[row], rule, NOW, DATA).assessed is Assessed.CLEAR
    assert named < len(motions) * len(volumes) * 0.8
    for place in volumes[::5]:
        rows = {2 * int(key[1:]) + number for key, number in index.of_volume(place, rule)}
        for row in set(range(len(volumes))) - rows:
            assert plan_pairing(place, volumes[row], rule, DATA).assessed is Assessed.CLEAR


def test_a_volume_is_named_only_in_its_window() -> None:
    """BLV-030: half-open, from now to the horizon; a removed one is not named again."""
    index, here = ZoneIndex[str](), flying(0.0, 0.0)
    index.put("a", [replace(zone(), window=Window(start=NOW - timedelta(hours=1), end=NOW))])
    later = NOW + timedelta(seconds=600)
    index.put("b", [replace(zone(), window=Window(start=later, end=later + timedelta(hours=1)))])
    assert index.of_motion(here, criterion(), NOW) == (("b", 0),)
    assert index.of_motion(here, criterion(), NOW - timedelta(microseconds=1)) == (("a", 0),)
    index.remove("b")
    assert index.of_motion(here, criterion(), NOW) == ()


@pytest.mark.parametrize("seed", seeds(6, few=2))
def test_what_the_index_of_tracks_leaves_out_is_clear(seed: int) -> None:
    """BLV-033: by the exact pairing of the two tracks; most of them are left out."""
    motions, _, rule = scene(seed)
    index = TrackIndex[str](rule)
    for number, one in enumerate(motions):
        index.put(str(number), one)
    left_out = 0
    for number, one in enumerate(motions):
        named = set(index.of_motion(one, NOW, but=str(number)))
        assert str(number) not in named
        for other in range(len(motions)):
            if other != number and str(other) not in named:
                left_out += 1
                found = track_pairing(one, motions[other], rule, NOW, DATA)
                assert found.assessed is Assessed.CLEAR
    assert left_out > len(motions) ** 2 / 2


def test_a_track_that_is_not_seen_again_is_found_further_away() -> None:
    """BLV-034: after ten minutes at an assumed 60 m/s, and when the clock goes back too."""
    rule = criterion(0.0, 0.0, 60.0)
    index = TrackIndex[str](rule)
    index.put("still", replace(flying(0.0, 0.0), velocity=None))
    asked = replace(flying(30_000.0, 0.0, speed_mps=0.0), position_accuracy_m=0.0)
    assert index.of_motion(asked, NOW) == ()
    later = NOW + timedelta(seconds=600)
    assert index.of_motion(replace(asked, at=later), later) == ("still",)
    soon = NOW + timedelta(seconds=AHEAD_S / 2)
    assert index.of_motion(replace(asked, at=soon), soon) == ()
    index.put("still", replace(flying(29_000.0, 0.0), velocity=None))
    assert index.of_motion(asked, NOW) == ("still",)
    index.remove("still")
    assert (index.of_motion(asked, NOW), len(index)) == ((), 0)
