"""Two pictures watched over time, for the tests of what is told of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from picture_scenes import AT, Seen, Truth, picture

from crosstell.core.altitude import AltitudeData, Shift
from crosstell.core.assessment.calibration import Calibration
from crosstell.core.assessment.discrepancy.measured import Measure, Subject
from crosstell.core.assessment.discrepancy.sequence import Policy, State
from crosstell.core.assessment.discrepancy.settings import Settings
from crosstell.core.assessment.discrepancy.watch import Finding, Watch, findings, watched
from crosstell.core.assessment.stated import StatedPicture
from crosstell.core.geometry.geoid import Conversions, NoGeoid

TRUE = Calibration(  # the made-up pictures state their accuracies truly
    feeds=("a", "b"),
    inflation=1.0,
    dof=50.0,
    pairs=1_000,
    objects=100,
    mean_nees=2.0,
    taken_at=AT,
)
SETTINGS = Settings(calibration=TRUE)
GEOID_30 = Conversions(  # 30 m of undulation, as a person states it for the area
    geoid=NoGeoid(why="not needed"),
    handed=AltitudeData(undulation=Shift(add_m=30.0, uncertainty_m=1.0)),
)

Change = Callable[[StatedPicture, int], StatedPicture]


def unchanged(picture: StatedPicture, _number: int) -> StatedPicture:
    return picture


def watch_over(
    truth: Truth,
    seen: tuple[Seen, Seen],
    *,
    looks: int = 12,
    settings: Settings = SETTINGS,
    change: Change = unchanged,
) -> Watch:
    """The watch after so many looks, 10 s apart; `change` tampers with the second picture."""
    watch = Watch()
    for number in range(looks):
        at: datetime = AT + timedelta(seconds=10 * number)
        now = truth.after(10.0 * number)
        pictures = (
            picture(now, seen[0], number, at=at),
            change(picture(now, seen[1], number, at=at), number),
        )
        watch = watched(watch, pictures, at, settings, Policy())
    return watch


def standing(watch: Watch, measure: Measure, one: str = "", other: str = "") -> Finding:
    """What is told of one measure, as seen from picture a."""
    wanted = Subject(measure=measure, one=one, other=other)
    return next(found for found in findings(watch, "a") if found.subject == wanted)


def told(watch: Watch) -> list[Subject]:
    """Every subject of a discrepancy."""
    return [found.subject for found in findings(watch, "a", State.DISCREPANCY)]


def shifted_north(source: StatedPicture, name: str, north_deg: float) -> StatedPicture:
    """One track put elsewhere, all else as it was."""
    tracks = []
    for track in source.tracks:
        if track.track != name:
            tracks.append(track)
            continue
        place = track.motion.position
        moved = replace(place, lat_deg=place.lat_deg + north_deg)
        tracks.append(replace(track, motion=replace(track.motion, position=moved)))
    return replace(source, tracks=tuple(tracks))
