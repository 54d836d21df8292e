"""`crosstell incident`: the report of an incident, from a scenario's run or from a record."""

from pathlib import Path

import click

from crosstell.cli.faults import one_message
from crosstell.cli.replay import check_target, write_whole
from crosstell.codecs.protocol_file import read_protocol
from crosstell.core.errors import CallerError
from crosstell.replay.report.assemble import report_of_record, report_of_run
from crosstell.replay.report.model import IncidentReport
from crosstell.replay.report.page import render_report
from crosstell.replay.report.text import print_report
from crosstell.replay.speech.speech import LANGUAGES


@click.group()
def incident() -> None:
    """Tell an incident from a scenario's run or from a record; nothing says who is right."""


@incident.command(name="report")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--run", "run", metavar="NAME", help="Of a scenario: which run; else the first.")
@click.option(
    "--protocol",
    "protocol",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Of a record: the protocol document that its parties signed.",
)
@click.option(
    "--incident", "name", metavar="ID", help="One incident's file; else all that is told."
)
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option(
    "--html", "page", type=click.Path(path_type=Path), metavar="FILE", help="Write the page too."
)
def report(
    source: Path,
    run: str | None,
    protocol: Path | None,
    name: str | None,
    lang: str,
    page: Path | None,
) -> None:
    """Report the incident in SOURCE: a scenario's folder, a node's store, or an export.

    Summary, map, time axis, calls, claims side by side, adherence, actions, and the hashes.
    """
    with one_message():
        if page is not None:
            check_target(source, page)
        told = _told(source, run=run, protocol=protocol, name=name)
        text = print_report(told, lang)
        if page is not None:
            write_whole(page, render_report(told, lang))
    click.echo(text, nl=False)
    if page is not None:
        click.echo(f"page: {page}")


def _told(
    source: Path, *, run: str | None, protocol: Path | None, name: str | None
) -> IncidentReport:
    """The report of whatever SOURCE is; CallerError if it is none of the three."""
    if (source / "scenario.yaml").is_file():
        if protocol is not None:
            raise CallerError(
                f"{source}: is a scenario, which has its protocol; leave out --protocol"
            )
        return report_of_run(source, run=run, incident=name)
    if not source.exists():
        raise CallerError(f"{source}: is not there; name a scenario's folder, a store or an export")
    if protocol is None:
        raise CallerError(
            f"{source}: is no scenario; for a store or an export give the document that its "
            "parties signed with --protocol"
        )
    if run is not None:
        raise CallerError(f"{source}: is a record, which has no runs; leave out --run")
    return report_of_record(source, read_protocol(protocol), incident=name)
