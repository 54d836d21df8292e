"""The page: one HTML file with its style, script and drawings inside.

Everything from a scenario is escaped by the template; the policy in the head lets nothing load
and only this page's own style and script run. Implements REP-050 to REP-054.
"""

from markupsafe import Markup

from crosstell.papers import environment as paper
from crosstell.papers.speech.speech import ENGLISH
from crosstell.replay.page.environment import columns_of, environment_of, order_of, part
from crosstell.replay.result import AS_PLAYED, PointShown, ReplayResult, Stage


def render_page(result: ReplayResult, language: str = ENGLISH) -> str:
    """The whole page as text; the same result gives the same text."""
    css, js = style(), part("page.js")
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src {paper.digest(css)}; script-src {paper.digest(js)}"
    )
    feeds = [feed for run in result.runs for feed in run.record]
    return (
        environment_of(result, language)
        .get_template("page.html.j2")
        .render(
            result=result,
            css=Markup(css),  # noqa: S704 - our own file
            js=Markup(js),  # noqa: S704 - our own file
            csp=policy,
            order=order_of(result),
            columns=columns_of(result, result.told),
            main_point=_main_point(result),
            stages=tuple(Stage),
            as_played=AS_PLAYED,
            feeds=len(feeds),
            verified=sum(feed.sound == "verified" for feed in feeds),
        )
    )


def style() -> str:
    """The page's style; on paper it has the style of a report."""
    return f"{paper.part('page.css')}@media print {{\n{paper.part('paper.css')}}}\n"


def _main_point(result: ReplayResult) -> PointShown:
    """The point that the overview counts to."""
    return next(point for point in result.points if point.id == result.main_point)
