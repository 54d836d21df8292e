"""`crosstell protocol`: check a protocol document, and say the digest that parties sign."""

from collections.abc import Iterator
from pathlib import Path

import click

from crosstell.cli.protocol_rules import lead as in_words
from crosstell.cli.protocol_rules import spoken, told
from crosstell.codecs.protocol_file import digest_of, read_protocol
from crosstell.core.errors import CallerError
from crosstell.core.instant import format_instant
from crosstell.core.protocol.digest import ProtocolDigest, read_aloud
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.times import CriticalRaises

EXIT_FAULTY = 2


@click.group()
def protocol() -> None:
    """Check the protocol document and its digest."""


@protocol.command()
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Name every fault of FILE by line and remedy, or show what it says."""
    found = _read(file)
    click.echo("\n".join(summary(found, digest_of(found))))


@protocol.command()
@click.argument("file", type=click.Path(path_type=Path))
def digest(file: Path) -> None:
    """Print the digest of FILE, over its canonical form."""
    click.echo(digest_of(_read(file)))


def _read(file: Path) -> Protocol:
    try:
        return read_protocol(file)
    except CallerError as refused:
        click.echo(str(refused), err=True)
        raise click.exceptions.Exit(EXIT_FAULTY) from refused


def summary(found: Protocol, signed: ProtocolDigest) -> Iterator[str]:
    """What the document says, in lines for a person, the digest last."""
    until = f", until before {format_instant(found.ends)}" if found.ends else ""
    yield f"{found.title}  [{found.marking}]"
    yield f"{found.name}, version {found.version}"
    yield f"In force between those who sign it, from {format_instant(found.starts)}{until}."
    yield from _who(found)
    yield from _rules(found)
    yield from _times(found)
    yield from _record(found)
    yield ""
    yield "Digest (SHA-256), to be read aloud"
    yield from (f"  {line}" for line in read_aloud(signed).splitlines())


def _who(found: Protocol) -> Iterator[str]:
    yield from ("", "Parties")
    for party in found.parties:
        languages = f"; {', '.join(party.languages)}" if party.languages else ""
        yield f"  {party.id}: {party.title} ({party.standing}{languages})"
        for component in party.components:
            yield f"    {component.id}: {component.title}"
        for entry in party.scopes:
            speaks = ", ".join(entry.scope.speaks_for) or "the whole party"
            silent = ", ".join(entry.scope.cannot_speak_for)
            yield f"    {entry.role} speaks for {speaks}{f', not for {silent}' * bool(silent)}"
    yield from ("", "Roles, like speaks to like")
    for role in sorted(found.roles, key=lambda role: role.level):
        yield f"  level {role.level}: {role.title} ({role.id})"


def _rules(found: Protocol) -> Iterator[str]:
    yield from ("", "Rules")
    for rule in found.rules:
        yield f"  {rule.id}: {rule.text}"
        yield f"    {rule.certainty}; source: {rule.source}"
        yield from (f"    {line}" for line in told(rule))


def _times(found: Protocol) -> Iterator[str]:
    alerts = found.alerts
    horizons = alerts.horizons
    yield from ("", "Alerts, by time to infringement")
    for level in ("advisory", "urgent", "critical"):
        yield f"  {level}: {spoken(getattr(horizons, f'{level}_s'))}"
    yield f"  after {alerts.hits_needed} of {alerts.hits_window} assessments"
    at_once = alerts.critical_raises is CriticalRaises.AT_ONCE
    yield f"  critical as reported: {'after one' if at_once else 'after as many'}"
    hold, clear = spoken(alerts.hold_s), spoken(alerts.clear_after_s)
    yield f"  a level is held {hold}, and the alert cleared {clear} after its last hit"
    yield f"  last known after {spoken(alerts.stale_after_s)}"
    yield from ("", "Answer times, from the placing of the call")
    for row in found.answer_times:
        call = row.call or "any call"
        times = f"received in {spoken(row.receive_s)}, answered in {spoken(row.answer_s)}"
        yield f"  {row.precedence}, {call}: {times}"
    yield f"  stand by at most {spoken(found.stand_by_s_max)}, once"
    yield from ("", "Rungs, each party's own")
    for rung in found.escalation.rungs:
        limit = "  (the node rings by itself up to here)"
        mark = limit * (rung.role == found.escalation.ring_limit)
        yield f"  after {spoken(rung.after_s)}: {rung.role}{mark}"
    tests = found.line_tests
    yield from ("", "Line")
    yield (
        f"  tested every {spoken(tests.every_s)}, answered within {spoken(tests.answer_within_s)}"
    )
    yield f"  chain from call to act: {spoken(found.chain.total_s)}"
    yield f"    at most {spoken(found.chain.cap_s)} as measured"
    yield f"  a stop lasts {spoken(found.stop_lasts_s)} unless renewed"


def _record(found: Protocol) -> Iterator[str]:
    neutral = f" ({found.neutral})" if found.neutral else ""
    yield from ("", "Notices and record")
    for lead in found.lead_times:
        yield f"  {in_words(lead)}"
    for offer in found.disclosure:
        yield f"  {offer.notice}: the release form offers {offer.offered_to}"
    for band in found.guard_frequencies:
        yield f"  {band.name}, {band.frequency_khz / 1000:g} MHz: {band.recording}"
    yield f"  evidence: {found.evidence}{neutral}"
