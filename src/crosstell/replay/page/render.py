"""The page: one HTML file with its style, script and drawings inside.

Everything from a scenario is escaped by the template; the policy in the head lets nothing load
and only this page's own style and script run. Implements REP-050 to REP-054.
"""

import base64
import hashlib
import re
from functools import partial
from importlib import resources

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from crosstell.replay.moments import clock_of, decimals_of
from crosstell.replay.page.chart_calls import sequence_of
from crosstell.replay.page.chart_lanes import lanes_of
from crosstell.replay.page.chart_map import map_of
from crosstell.replay.page.chart_ranges import ranges_of
from crosstell.replay.page.clock import iso, minutes_text, stamp_ms, zulu, zulu_short
from crosstell.replay.result import LeadTime, PointShown, ReplayResult, RunResult, Stage

_TEMPLATES = ("page.html.j2", "charts.html.j2")


def render_page(result: ReplayResult) -> str:
    """The whole page as text; the same result gives the same text."""
    environment = _environment(result)
    css, js = _part("page.css"), _part("page.js")
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src {_digest(css)}; script-src {_digest(js)}"
    )
    feeds = [feed for run in result.runs for feed in run.record]
    return environment.get_template("page.html.j2").render(
        result=result,
        css=Markup(css),  # noqa: S704 - our own file
        js=Markup(js),  # noqa: S704 - our own file
        csp=policy,
        order={party.id: min(i, 3) for i, party in enumerate(result.parties)},
        main_point=_main_point(result),
        stages=tuple(Stage),
        feeds=len(feeds),
        verified=sum(feed.sound == "verified" for feed in feeds),
    )


def _main_point(result: ReplayResult) -> PointShown:
    """The point that the overview counts to."""
    return next(point for point in result.points if point.id == result.main_point)


def _environment(result: ReplayResult) -> Environment:
    environment = Environment(
        loader=DictLoader({name: _part(name) for name in _TEMPLATES}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        zulu=zulu,
        point_clock=lambda at: clock_of(at, result.points),
        zulu_short=zulu_short,
        iso=iso,
        stamp_ms=stamp_ms,
        minutes=partial(minutes_text, places=decimals_of(result.points)),
        slug=slug,
        lead=_lead,
        map_of=map_of,
        ranges_of=ranges_of,
        lanes_of=lambda run: lanes_of(run, result),
        sequence_of=lambda run: sequence_of(run, result),
    )
    return environment


def slug(name: str) -> str:
    """A run's name as an element's id."""
    return "run-" + re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()


def _lead(run: RunResult, point: str, stage: Stage) -> LeadTime | None:
    return next((at for at in run.leads if at.point == point and at.stage == stage), None)


def _part(name: str) -> str:
    return (resources.files(__package__) / "templates" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    raw = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(raw).decode()}'"
