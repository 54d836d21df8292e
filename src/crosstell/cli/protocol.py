"""`crosstell protocol`: check a protocol document, and say the digest that parties sign.

The commands that make, explain, compare and sign one are in `cli/protocols/`.
"""

from collections.abc import Iterator
from pathlib import Path

import click

from crosstell.cli.faults import one_message
from crosstell.cli.protocols.agreeing import key_command, sign_command, verify_command
from crosstell.cli.protocols.drafting import (
    diff_command,
    explain_command,
    new_command,
    phrases_command,
)
from crosstell.cli.protocols.figures import flat, reading_of
from crosstell.cli.protocols.looked_at import to_be_looked_at
from crosstell.cli.protocols.rules import lead as in_words
from crosstell.cli.protocols.rules import spoken, told
from crosstell.cli.protocols.wording import Language
from crosstell.codecs.protocol_file import digest_of, read_protocol
from crosstell.core.errors import CallerError
from crosstell.core.instant import format_instant
from crosstell.core.protocol.digest import ProtocolDigest, read_aloud
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.signed.amendment import Version, amendment_faults
from crosstell.core.protocol.times import CriticalRaises


@click.group()
def protocol() -> None:
    """Make, check, explain, compare and sign protocol documents."""


for _command in (
    new_command,
    explain_command,
    diff_command,
    phrases_command,
    key_command,
    sign_command,
    verify_command,
):
    protocol.add_command(_command)


@protocol.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--amends",
    "older",
    type=click.Path(path_type=Path),
    metavar="OLDER",
    help="Check too that FILE amends this older version.",
)
def check(file: Path, older: Path | None) -> None:
    """Name every fault of FILE by line and remedy, or show what it says."""
    with one_message():
        found = read_protocol(file)
        if older is not None:
            _check_amendment(file, found, older)
    click.echo("\n".join(summary(found, digest_of(found))))


def _check_amendment(file: Path, found: Protocol, older: Path) -> None:
    before = read_protocol(older)
    faults = amendment_faults(Version(protocol=before, digest=digest_of(before)), found)
    if faults:
        raise CallerError("\n".join(f"{file}: does not amend {older}: {each}" for each in faults))


@protocol.command()
@click.argument("file", type=click.Path(path_type=Path))
def digest(file: Path) -> None:
    """Print the digest of FILE, over its canonical form; beside it, in groups to be read aloud."""
    with one_message():
        found = digest_of(read_protocol(file))
    click.echo(found)
    click.echo(read_aloud(found), err=True)


def summary(found: Protocol, signed: ProtocolDigest) -> Iterator[str]:
    """What the document says, in lines for a person, the digest last."""
    until = f", until before {format_instant(found.ends)}" if found.ends else ""
    yield f"{flat(found.title)}  [{flat(found.marking)}]"
    yield f"{found.name}, version {found.version}"
    yield f"In force between those who sign it, from {format_instant(found.starts)}{until}."
    if found.amends is not None:
        yield f"Amends the version with the digest {found.amends}, once all have signed this one."
    yield from _who(found)
    yield from _rules(found)
    yield from _times(found)
    yield from _record(found)
    looked_at = list(to_be_looked_at(found))
    if looked_at:
        yield from ("", "To be looked at", *(f"  {line}" for line in looked_at))
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
        yield f"  {rule.id}: {flat(rule.text)}"
        yield f"    {rule.certainty}; source: {flat(rule.source)}"
        yield from (f"    {line}" for line in told(rule))
    if found.understandings:
        yield from ("", "Readings signed with it")
    for one in found.understandings:
        yield f"  {one.party} reads {one.rule}: {flat(one.text)}"
        yield from (f"    {line}" for line in reading_of(one, Language.EN))


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
        if lead.text is not None:
            yield f"    {flat(lead.text)}"
        if lead.source is not None:
            yield f"    {lead.certainty}; source: {flat(lead.source)}"
    for offer in found.disclosure:
        yield f"  {offer.notice}: the release form offers {offer.offered_to}"
    for band in found.guard_frequencies:
        yield f"  {band.name}, {band.frequency_khz / 1000:g} MHz: {band.recording}"
    yield f"  evidence: {found.evidence}{neutral}"
