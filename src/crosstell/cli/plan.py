"""`crosstell plan`: a plan checked against everything declared, and what would clear it."""

import json
import math
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from crosstell.cli.operate.telling import CLEARS_TESTED, NOTHING_TESTED, plan_untested
from crosstell.codecs.plain import to_plain
from crosstell.codecs.plan_file import PlanFile, read_plan
from crosstell.codecs.protocol_file import read_protocol
from crosstell.core.altitude import AltitudeData, GroundBounds
from crosstell.core.detection.finding import Assessed
from crosstell.core.detection.remedy.obstacle import PlanConflict
from crosstell.core.detection.remedy.shift import HeightShift, PlaceShift, Shift, TimeShift
from crosstell.core.errors import CallerError
from crosstell.core.geometry.geoid import Conversions, NoGeoid
from crosstell.core.instant import format_instant
from crosstell.core.mechanism.plan.check import (
    REMARK_LATE,
    Declared,
    PlanChecked,
    Remark,
    check_plan,
)
from crosstell.core.protocol.document import Protocol
from crosstell.shell.shipped.geoid import geoid_at_start

EXIT_FAULTY = 2
COMPASS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


@click.group()
def plan() -> None:
    """Check a plan before it is filed: it is never refused, and nothing is filed by the check."""


@plan.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--protocol",
    "protocol_file",
    required=True,
    type=click.Path(path_type=Path),
    help="The protocol document whose rules are applied.",
)
@click.option("--json", "as_json", is_flag=True, help="The result for machines.")
def check(file: Path, protocol_file: Path, *, as_json: bool) -> None:
    """Show the conflicts of the plan in FILE, and the smallest verified shifts that clear it."""
    try:
        protocol = read_protocol(protocol_file)
        given = read_plan(file, protocol)
    except CallerError as refused:
        click.echo(str(refused), err=True)
        raise click.exceptions.Exit(EXIT_FAULTY) from refused
    geoid = geoid_at_start()
    declared = Declared(
        protocol=protocol,
        understandings=given.understandings,
        notices=given.declared,
        conversions=Conversions(geoid=geoid, handed=_handed(protocol)),
    )
    found = check_plan(given.planned, declared, now=given.at)
    if as_json:
        click.echo(json.dumps(_machine(found), indent=2, ensure_ascii=False))
        return
    if isinstance(geoid, NoGeoid):
        click.echo(f"Without the geoid: {geoid.why}", err=True)
    click.echo("\n".join(told(given, protocol, found)))


def _handed(protocol: Protocol) -> AltitudeData:
    ground = protocol.area.ground
    return AltitudeData(ground=GroundBounds(lower=ground.lowest, upper=ground.highest))


def told(given: PlanFile, protocol: Protocol, found: PlanChecked) -> Iterator[str]:
    """The result in lines for a person."""
    yield f"Plan {given.notice} of {given.party}, as of {format_instant(given.at)}"
    yield (
        f"Checked against {_counted(len(given.notices), 'notice')} and the calendars of "
        f"{protocol.name}, version {protocol.version}: "
        f"{_counted(found.obstacles, 'test')} of rule, reading and volume."
    )
    yield "The check files nothing. A plan that does not clear may be filed; both sides see it."
    for part in found.outside:
        yield (
            f"Part {part + 1} may reach beyond the area of the protocol; what it states of the "
            "ground holds in the area, so no shift downwards is offered."
        )
    yield ""
    if not found.obstacles:
        yield NOTHING_TESTED
    elif not found.conflicts:
        yield CLEARS_TESTED
    for conflict in found.conflicts:
        yield from _conflict_lines(conflict)
    for remark in found.remarks:
        yield f"{_remark_words(remark)}; no shift of the plan against others changes that."
    if found.conflicts:
        yield ""
        yield from _remedy_lines(found)
    if found.untested or found.untested_clear:
        yield ""
        yield from plan_untested([to_plain(one) for one in found.untested], found.untested_clear)


def _remedy_lines(found: PlanChecked) -> Iterator[str]:
    if found.remedies:
        yield "Each of these, by itself, clears all of them (verified as shown):"
    elif not found.unfinished:
        yield "No shift in time, height or place within the bounds of the search clears it."
    for shift in found.remedies:
        yield f"  * {shift_words(shift)}"
    for way in found.unfinished:
        yield (
            f"The search in {way} ended at its bound: there may be a shift, or a smaller one, that "
            "is not shown. Check fewer parts or notices at a time."
        )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _conflict_lines(conflict: PlanConflict) -> Iterator[str]:
    obstacle, overlap = conflict.obstacle, conflict.overlap
    reading = obstacle.criterion.reading
    under = "the protocol's text" if reading is None else f"the reading of {reading}"
    sure = "CONFLICT" if overlap.assessed is Assessed.INFRINGES else "CANNOT BE RULED OUT"
    why = f" because of {', '.join(overlap.reasons)}" if overlap.reasons else ""
    yield f"{sure}{why}: part {conflict.part + 1} and {obstacle.what}"
    yield f"    rule {obstacle.criterion.rule} under {under}"
    if overlap.window is not None:
        start, end = overlap.window.start, overlap.window.end
        yield f"    from {format_instant(start)} until before {format_instant(end)}"
    height = "unknown" if overlap.vertical_m is None else f"{overlap.vertical_m:,.0f} m"
    yield f"    apart: {overlap.lateral_m:,.0f} m sideways, {height} in height"


def shift_words(shift: Shift) -> str:
    """One shift in words."""
    match shift:
        case TimeShift(by=by):
            return f"{'later' if by > timedelta(0) else 'earlier'} by {_lasting(abs(by))}"
        case HeightShift(by_m=by_m):
            return f"{'higher' if by_m > 0 else 'lower'} by {_exact(abs(by_m), 3)} m"
        case PlaceShift(track_deg=track_deg, travel_m=travel_m):
            to = COMPASS[round(track_deg / 45.0) % len(COMPASS)]
            return (
                f"{travel_m / 1000:,.2f} km towards {track_deg:03.0f} degrees true ({to}); the "
                "shortest found on 24 bearings, a shorter one is not excluded"
            )


def _lasting(by: timedelta) -> str:
    """Hours, minutes and seconds, to the microsecond: what is offered is what was verified."""
    minutes, rest = divmod(by, timedelta(minutes=1))
    seconds = _exact(rest / timedelta(seconds=1), 6)
    return f"{minutes // 60} h {minutes % 60} min {seconds} s"


def _exact(value: float, places: int) -> str:
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".")


def _remark_words(remark: Remark) -> str:
    under = "" if remark.reading is None else f" under the reading of {remark.reading}"
    by = _lasting(timedelta(seconds=math.ceil(remark.by_s)))
    if remark.kind == REMARK_LATE:
        return f"Filed now it is late by {by} (rule {remark.rule}{under})"
    return f"It lasts {by} too long (rule {remark.rule}{under})"


def _machine(found: PlanChecked) -> dict[str, Any]:
    return {
        "obstacles": found.obstacles,
        "conflicts": [
            {
                "part": one.part,
                "against": one.obstacle.what,
                "rule": one.obstacle.criterion.rule,
                "reading": one.obstacle.criterion.reading,
                "assessed": one.overlap.assessed.value,
                "reasons": [reason.value for reason in one.overlap.reasons],
                "from": one.overlap.window and format_instant(one.overlap.window.start),
                "until": one.overlap.window and format_instant(one.overlap.window.end),
                "lateral_m": one.overlap.lateral_m,
                "vertical_m": one.overlap.vertical_m,
            }
            for one in found.conflicts
        ],
        "remarks": [to_plain(one) for one in found.remarks],
        "remedies": [_machine_shift(one) for one in found.remedies],
        "unfinished": [way.value for way in found.unfinished],
        "outside": list(found.outside),
        "untested": [to_plain(one) for one in found.untested],
        "untested_clear": found.untested_clear,
    }


def _machine_shift(shift: Shift) -> dict[str, Any]:
    match shift:
        case TimeShift(by=by):
            return {"kind": "time", "by_s": by.total_seconds()}
        case HeightShift(by_m=by_m):
            return {"kind": "height", "by_m": by_m}
        case PlaceShift(track_deg=track_deg, travel_m=travel_m):
            return {"kind": "place", "track_deg": track_deg, "travel_m": travel_m}
