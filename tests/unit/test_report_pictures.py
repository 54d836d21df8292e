"""Two pictures of one traffic in a report: what differs, and why something cannot be tested."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from picture_values import ref

from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.ids import PartyId, TrackId
from crosstell.core.picture.track import Observation
from crosstell.replay.played.trace import Sight, Trace
from crosstell.replay.report.assemble import report_of_run
from crosstell.replay.report.model import IncidentReport
from crosstell.replay.report.page import render_report
from crosstell.replay.report.pictures import pictures_of
from crosstell.replay.report.plots import plots_of

SCENARIOS = Path(__file__).parents[2] / "scenarios"
START = datetime(2026, 6, 1, 12, tzinfo=UTC)
CENTRE = Position(lat_deg=47.0, lon_deg=8.0)
A, B = PartyId("a"), PartyId("b")


def seen(party: PartyId, looks: int, late_s: float = 0.0, number: int = 20) -> list[Sight]:
    """What a party's own sources observe of aircraft that fly in every direction."""
    sights = []
    for look in range(looks):
        at = START + timedelta(seconds=20 * look)
        for each in range(number):
            course = 37.0 * each % 360.0
            place = destination(
                CENTRE, track_deg=53.0 * each % 360.0, travel_m=9_000.0 * (each + 1)
            )
            flown_m = 200.0 * (20.0 * look - late_s)
            place = destination(place, track_deg=course, travel_m=flown_m + 5_000.0)
            motion = Motion(
                position=place,
                at=at,
                altitude=None,
                velocity=Velocity(track_deg=course, speed_mps=200.0, climb_mps=None),
                position_accuracy_m=60.0,
                altitude_accuracy_m=None,
            )
            body = Observation(
                track=TrackId(f"{party}{each}"), source="radar", motion=motion, received_at=at
            )
            sights.append(
                Sight(
                    at=at,
                    held_by=party,
                    of=party,
                    home="journal",
                    ref=ref(look * number + each),
                    kind="observation",
                    by=None,
                    body=body,
                )
            )
    return sights


def test_rep_111_one_picture_is_set_against_nothing() -> None:
    nobody = pictures_of(Trace())
    assert nobody.not_testable == ("Not testable: no side observed any object.",)
    alone = pictures_of(Trace(sights=seen(A, 3)))
    assert alone.compared == ()
    assert "not testable, only a observed any object" in alone.headline


def test_rep_111_too_few_objects_are_refused_with_the_reason() -> None:
    told = pictures_of(Trace(sights=[*seen(A, 3, number=3), *seen(B, 3, number=3)]))
    (reason,) = told.not_testable
    assert "too few tracks" in reason
    assert "This is not agreement. At 3 of 3 instants." in reason
    assert "could not be laid on each other: 3" in told.headline


def test_rep_110_a_late_feed_is_found_late() -> None:
    """REP-113: told of one relative to the other, which is early by as much."""
    told = pictures_of(Trace(sights=[*seen(A, 30), *seen(B, 30, late_s=2.0)]))
    (compared,) = told.compared
    assert all(abs((step.late_s or 0.0) - 2.0) < 0.1 for step in compared.steps)
    assert any("b's feed is 2.00 s late relative to a's" in line for line in compared.lines)
    turned = pictures_of(Trace(sights=[*seen(A, 30, late_s=2.0), *seen(B, 30)]))
    assert any("b's feed is 2.00 s early" in line for line in turned.compared[0].lines)


def test_rep_112_an_observation_counts_in_one_step_only() -> None:
    """Two looks 20 s apart: two instants, however often one asks between."""
    told = pictures_of(Trace(sights=[*seen(A, 2), *seen(B, 2)]))
    assert len(told.compared[0].steps) == 2


@cache
def recorded() -> IncidentReport:
    return report_of_run(SCENARIOS / "2021-locards-two-pictures", run=None, incident=None)


def test_rep_114_what_a_plot_shows_stands_in_figures() -> None:
    report = recorded()
    (compared,) = report.pictures.compared
    drawn = plots_of(compared)
    assert drawn["late"]
    assert drawn["scatter"]
    page = render_report(report)
    for step in compared.steps:
        assert step.late_s is not None
        assert f"{step.late_s:+.2f} s" in page
    assert page.count('class="plot-point"') == len(compared.left) > 10


def test_the_recording_says_what_is_known_of_it() -> None:
    """LocaRDS: an aircraft's own claim is about 0.13 s off what the receivers' clocks say."""
    report = recorded()
    late = [step.late_s for step in report.pictures.compared[0].steps if step.late_s is not None]
    assert len(late) == 16
    assert all(-0.2 < value < -0.05 for value in late)
