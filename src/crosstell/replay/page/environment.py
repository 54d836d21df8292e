"""The templates' environment: filters for times and drawings, and how the page speaks."""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from importlib import resources

from jinja2 import Environment

from crosstell.core.picture.wording import quoted
from crosstell.papers import environment as paper
from crosstell.papers.told import Aftermath, ClaimTold
from crosstell.replay.moments import clock_of, decimals_of
from crosstell.replay.page.chart_calls import sequence_of
from crosstell.replay.page.chart_lanes import lanes_of
from crosstell.replay.page.chart_map import map_of
from crosstell.replay.page.chart_ranges import ranges_of
from crosstell.replay.page.clock import minutes_text, stamp_ms, zulu, zulu_short
from crosstell.replay.result import LeadTime, PartyShown, ReplayResult, RunResult, Stage

_TEMPLATES = (
    "page.html.j2",
    "report.html.j2",
    "charts.html.j2",
    "tables.html.j2",
)


def environment_of(result: ReplayResult, language: str) -> Environment:
    """The environment for one result in one language; whatever is not marked up is escaped."""
    environment = paper.environment_of(_TEMPLATES, part, language)
    environment.filters.update(
        zulu=zulu,
        point_clock=lambda at: clock_of(at, result.points),
        zulu_short=zulu_short,
        date=_date,
        stamp_ms=stamp_ms,
        minutes=partial(minutes_text, places=decimals_of(result.points)),
        slug=slug,
        lead=_lead,
        map_of=map_of,
        ranges_of=ranges_of,
        lanes_of=lambda run: lanes_of(run, result),
        plots_of=_no_plots,
        sequence_of=lambda run: sequence_of(run, result),
        quoted=quoted,
    )
    environment.globals["column_of"] = lambda claim: column_of(claim, result)
    return environment


def _no_plots(compared: object) -> dict[str, object]:
    """The replay's page draws none; the report puts its own in this place."""
    raise AssertionError(f"no plot of {compared} is drawn on this page")


def _date(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


def slug(name: str) -> str:
    """A run's name as an element's id."""
    return "run-" + re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()


def _lead(run: RunResult, point: str, stage: Stage) -> LeadTime | None:
    return next((at for at in run.leads if at.point == point and at.stage == stage), None)


OTHERS = ""  # the column of voices that are no party's


def columns_of(result: ReplayResult, held: Iterable[Aftermath]) -> tuple[PartyShown, ...]:
    """A column for each party that states something, and one for those who speak for none."""
    told = [claim for one in held for topic in one.topics for claim in topic.claims]
    speaking = {column_of(claim, result) for claim in told}
    parties = tuple(party for party in result.parties if party.id in speaking)
    others = PartyShown(id=OTHERS, name="press and third parties", components=())
    return (*parties, others) if OTHERS in speaking else parties


def column_of(claim: ClaimTold, result: ReplayResult) -> str:
    """The party whose words it holds; else the column of those who are no party."""
    return claim.party if any(party.id == claim.party for party in result.parties) else OTHERS


def order_of(result: ReplayResult) -> dict[str, int]:
    """The number under which each party is drawn; the fourth and on share one."""
    return {party.id: min(i, 3) for i, party in enumerate(result.parties)}


def part(name: str) -> str:
    """The text of one of the page's own files."""
    return (resources.files(__package__) / "templates" / name).read_text(encoding="utf-8")
