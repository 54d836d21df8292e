"""The report as one page: paper first, without script, and nothing loads. Implements REP-102."""

from markupsafe import Markup

from crosstell.papers import environment as paper
from crosstell.papers.speech.speech import ENGLISH
from crosstell.papers.spoken import CHECK, FILE
from crosstell.replay.page.environment import columns_of, environment_of, order_of
from crosstell.replay.report.model import (
    IncidentReport,
    checks_of,
    files_of,
    held_in,
    is_quiet,
    items_of,
)
from crosstell.replay.report.plots import plots_of
from crosstell.replay.result import AS_PLAYED, Stage


def render_report(report: IncidentReport, language: str = ENGLISH) -> str:
    """The whole report as one page; the same report gives the same text."""
    environment = environment_of(report.result, language)
    environment.filters["plots_of"] = plots_of
    return environment.get_template("report.html.j2").render(
        report=report,
        result=report.result,
        run=report.run,
        items=items_of(report),
        css=Markup(_style()),  # noqa: S704 - our own files
        csp=policy_of_report(),
        order=order_of(report.result),
        held_all=held_in(report),
        quiet=is_quiet(report.run),
        columns=columns_of(report.result, held_in(report)),
        stages=tuple(Stage),
        check=CHECK,
        files=files_of(report),
        file_words=FILE,
        as_played=AS_PLAYED,
        checks=checks_of(report.result, report.run),
    )


def _style() -> str:
    return f"{paper.part('page.css')}{paper.part('paper.css')}{paper.part('report.css')}"


def policy_of_report() -> str:
    """Under it nothing loads, no script runs, and no style but the page's own applies."""
    style = paper.digest(_style())
    return f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src {style}"
