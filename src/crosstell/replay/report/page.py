"""The report as one page: paper first, without script, and nothing loads. Implements REP-102."""

from markupsafe import Markup

from crosstell.replay.page.environment import columns_of, digest, environment_of, order_of, part
from crosstell.replay.report.model import IncidentReport, held_in, is_quiet, items_of
from crosstell.replay.report.plots import plots_of
from crosstell.replay.result import Stage
from crosstell.replay.speech.speech import ENGLISH


def render_report(report: IncidentReport, language: str = ENGLISH) -> str:
    """The whole report as one page; the same report gives the same text."""
    css = f"{part('page.css')}{part('paper.css')}{part('report.css')}"
    policy = f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src {digest(css)}"
    environment = environment_of(report.result, language)
    environment.filters["plots_of"] = plots_of
    return environment.get_template("report.html.j2").render(
        report=report,
        result=report.result,
        run=report.run,
        items=items_of(report),
        css=Markup(css),  # noqa: S704 - our own files
        csp=policy,
        order=order_of(report.result),
        held_all=held_in(report),
        quiet=is_quiet(report.run),
        columns=columns_of(report.result, held_in(report)),
        stages=tuple(Stage),
    )
