"""`crosstell incident`: an incident's report and papers, from a scenario's run or from a record."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from crosstell.cli.faults import one_message
from crosstell.cli.keeping.progress import progress
from crosstell.cli.replay import check_target, write_whole
from crosstell.codecs.protocol_file import read_protocol
from crosstell.core.errors import CallerError
from crosstell.papers.assemble import agenda_of, pack_of, readout_of
from crosstell.papers.model import Basis, Papers, file_named
from crosstell.papers.page import render_papers
from crosstell.papers.speech.speech import LANGUAGES
from crosstell.papers.text import print_json, print_papers
from crosstell.replay.given.loading import load
from crosstell.replay.report.assemble import (
    play_one,
    read_one,
    report_of_record,
    report_of_run,
)
from crosstell.replay.report.model import IncidentReport
from crosstell.replay.report.page import render_report
from crosstell.replay.report.text import print_report

FILE = "The incident's file, as PARTY/ID where several keep one of that id."


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
    "--incident",
    "name",
    metavar="ID",
    help="One incident's file, as PARTY/ID where several keep one; else all that is told.",
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
    signed = _signed(source, run=run, protocol=protocol)
    if signed is None:
        return report_of_run(source, run=run, incident=name)
    with progress("verified and read") as tell:
        return report_of_record(source, read_protocol(signed), incident=name, tell=tell)


def _signed(source: Path, *, run: str | None, protocol: Path | None) -> Path | None:
    """The document to read a record under; None of a scenario. CallerError if it is neither."""
    if (source / "scenario.yaml").is_file():
        if protocol is not None:
            raise CallerError(
                f"{source}: is a scenario, which has its protocol; leave out --protocol"
            )
        return None
    if not source.exists():
        raise CallerError(f"{source}: is not there; name a scenario's folder, a store or an export")
    if protocol is None:
        raise CallerError(
            f"{source}: is no scenario; for a store or an export give the document that its "
            "parties signed with --protocol"
        )
    if run is not None:
        raise CallerError(f"{source}: is a record, which has no runs; leave out --run")
    return protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What every paper is asked with."""

    source: Path
    run: str | None
    protocol: Path | None
    party: str | None
    lang: str
    page: Path | None
    as_json: bool

    def basis(self) -> Basis:
        """What papers are made from: the run, played, or the record, read and verified."""
        signed = _signed(self.source, run=self.run, protocol=self.protocol)
        if signed is None:
            return play_one(load(self.source), self.run).basis()
        return read_one(self.source, read_protocol(signed)).basis()


_ASKED = (
    click.argument("source", type=click.Path(path_type=Path)),
    click.option("--run", metavar="NAME", help="Of a scenario: which run; else the first."),
    click.option(
        "--protocol",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Of a record: the protocol document that its parties signed.",
    ),
    click.option("--party", metavar="PARTY", help="Of a scenario: as whom; else as each party."),
    click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True),
    click.option("--json", "as_json", is_flag=True, help="Print it as JSON."),
    click.option(
        "--html",
        "page",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Write the page too.",
    ),
)


def _asking(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the argument and options of every paper."""
    for one in reversed(_ASKED):
        command = one(command)
    return command


@incident.command(name="pack")
@_asking
@click.option("--incident", "name", metavar="ID", required=True, help=FILE)
@click.option(
    "--principal",
    "principals",
    metavar="ROLE",
    required=True,
    multiple=True,
    help="For whom: a role of the protocol. Give it once for each principal.",
)
def pack(name: str, principals: tuple[str, ...], **asked: Path | str | bool | None) -> None:
    """Print the senior-call pack: one page for each principal, by what each party holds.

    What each voice states, readouts, calls, what is open, and the text that all have signed.
    """
    roles = tuple(dict.fromkeys(principals))
    kept_by, incident = file_named(name)

    def made(basis: Basis, party: str | None) -> Papers:
        return pack_of(basis, incident=incident, roles=roles, party=party, kept_by=kept_by)

    _print(asked, made)


@incident.command(name="readout")
@_asking
@click.option("--incident", "name", metavar="ID", required=True, help=FILE)
def readout(name: str, **asked: Path | str | bool | None) -> None:
    """Print a readout's draft: what is recorded, each sentence with the entries it rests on.

    For a person to shorten and to add views to, each marked as one.
    """
    kept_by, incident = file_named(name)

    def made(basis: Basis, party: str | None) -> Papers:
        return readout_of(basis, incident=incident, party=party, kept_by=kept_by)

    _print(asked, made)


@incident.command(name="agenda")
@_asking
def agenda(**asked: Path | str | bool | None) -> None:
    """Print the agenda of the periodic review meeting: what is open, by what each party holds."""
    _print(asked, lambda basis, party: agenda_of(basis, party=party))


def _print(
    given: dict[str, Path | str | bool | None], paper: Callable[[Basis, str | None], Papers]
) -> None:
    """The paper on the screen, and its page where one is asked for; nothing at a fault."""
    asked = _Asked(**given)  # type: ignore[arg-type] # click has checked each
    with one_message():
        if asked.page is not None:
            check_target(asked.source, asked.page)
        papers = paper(asked.basis(), asked.party)
        text = print_json(papers) if asked.as_json else print_papers(papers, asked.lang)
        if asked.page is not None:
            write_whole(asked.page, render_papers(papers, asked.lang))
    click.echo(text, nl=False)
    if asked.page is not None:
        click.echo(f"page: {asked.page}", err=asked.as_json)
