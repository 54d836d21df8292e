"""A version that amends another: PRO-121 to PRO-124."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from crosstell.cli.protocol import protocol as command
from crosstell.codecs.protocol_file import digest_of, read_protocol
from crosstell.core.ids import EntryRef, FeedId, PartyId, RoleId
from crosstell.core.picture.party import Speaker
from crosstell.core.protocol.adherence import Adherence, AdherenceState
from crosstell.core.protocol.digest import ProtocolDigest
from crosstell.core.protocol.signed.amendment import Version, amendment_faults, versions_in_force
from crosstell.core.table import Stamp

FILE = Path(__file__).with_name("data") / "test-protocol.yaml"
OLD = read_protocol(FILE)
FIRST = Version(protocol=OLD, digest=digest_of(OLD))
NOON = datetime(2023, 3, 1, 12, tzinfo=UTC)
PAIR = frozenset((PartyId("alpha"), PartyId("bravo")))


def amended(older: Version, version: str, **fields: object) -> Version:
    found = replace(older.protocol, version=version, amends=older.digest, **fields)  # type: ignore[arg-type]
    return Version(protocol=found, digest=digest_of(found))


SECOND = amended(FIRST, "2", stand_by_s_max=120.0)
THIRD = amended(SECOND, "3", stand_by_s_max=60.0)


def signed(version: Version, party: str, hours: int = 0) -> Adherence:
    stamp = Stamp(
        ref=EntryRef(feed=FeedId(party), seq=hours, hash=f"{hours:064x}"),
        at=NOON + timedelta(hours=hours),
        by=Speaker(party=PartyId(party), role=RoleId("director"), watch="w1"),
    )
    return Adherence(
        party=PartyId(party), protocol=version.digest, state=AdherenceState.SIGNED, signed=stamp
    )


def holds(*said: Adherence, hours: int) -> tuple[ProtocolDigest, ...]:
    at = NOON + timedelta(hours=hours)
    return versions_in_force((FIRST, SECOND, THIRD), said, PAIR, at)


BOTH_FIRST = (signed(FIRST, "alpha"), signed(FIRST, "bravo"))


def test_an_amendment_names_the_digest_that_it_amends() -> None:
    """PRO-121."""
    assert amendment_faults(FIRST, SECOND.protocol) == ()
    assert SECOND.protocol.amends == FIRST.digest
    without = replace(SECOND.protocol, amends=None)
    assert f"write amends: {FIRST.digest}" in amendment_faults(FIRST, without)[0]
    assert "one of them is another version" in amendment_faults(SECOND, SECOND.protocol)[0]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"name": "another"}, "an amendment keeps the name"),
        ({"version": OLD.version}, "give the amendment its own"),
        ({"starts": OLD.starts - timedelta(days=1)}, "start it later"),
    ],
)
def test_an_amendment_keeps_what_names_the_agreement(fields: dict[str, object], why: str) -> None:
    """PRO-122."""
    newer = replace(SECOND.protocol, **fields)  # type: ignore[arg-type]
    assert [fault for fault in amendment_faults(FIRST, newer) if why in fault] != []


def test_an_amendment_leaves_out_nobody_who_signs() -> None:
    """PRO-122."""
    third = replace(OLD.parties[1], id=PartyId("delta"))
    wider = replace(OLD, parties=(*OLD.parties, third))
    older = Version(protocol=wider, digest=digest_of(wider))
    newer = replace(OLD, version="2", amends=older.digest)
    assert "leaves out delta" in amendment_faults(older, newer)[0]


def test_one_signature_changes_nothing_and_both_replace_the_older_version() -> None:
    """PRO-123."""
    assert holds(*BOTH_FIRST, hours=1) == (FIRST.digest,)
    one = (*BOTH_FIRST, signed(SECOND, "alpha", 2))
    assert holds(*one, hours=9) == (FIRST.digest,)
    both = (*one, signed(SECOND, "bravo", 5))
    assert holds(*both, hours=4) == (FIRST.digest,)
    assert holds(*both, hours=5) == (SECOND.digest,)


def test_a_chain_replaces_all_that_it_grew_from() -> None:
    """PRO-123. The step between may have been skipped by the two."""
    both = (*BOTH_FIRST, signed(THIRD, "alpha", 1), signed(THIRD, "bravo", 1))
    assert holds(*both, hours=2) == (THIRD.digest,)


def test_a_replaced_version_does_not_come_back_when_the_newer_one_ends() -> None:
    """PRO-123."""
    short = amended(FIRST, "2", ends=NOON + timedelta(hours=6))
    said = (*BOTH_FIRST, signed(short, "alpha", 1), signed(short, "bravo", 2))

    def at(hours: int) -> tuple[ProtocolDigest, ...]:
        return versions_in_force((FIRST, short), said, PAIR, NOON + timedelta(hours=hours))

    assert (at(1), at(2), at(6)) == ((FIRST.digest,), (short.digest,), ())


def test_a_third_party_s_signature_stands_for_neither_of_two() -> None:
    """PRO-123."""
    both = (*BOTH_FIRST, signed(SECOND, "alpha", 1), signed(SECOND, "charlie", 1))
    assert holds(*both, hours=2) == (FIRST.digest,)


def test_check_names_every_reason_why_it_is_no_amendment(tmp_path: Path) -> None:
    """PRO-124."""
    path = tmp_path / "new.yaml"
    path.write_text(FILE.read_text())
    run = CliRunner().invoke(command, ("check", str(path), "--amends", str(FILE)))
    assert (run.exit_code, run.stdout) == (2, "")
    assert [line.split(": ")[2] for line in run.stderr.splitlines()] == [
        "amends is missing; write amends",
        f"version is {OLD.version!r} in both; give the amendment its own",
    ]
    text = FILE.read_text().replace(
        f'version: "{OLD.version}"', f'version: "9"\namends: "{FIRST.digest}"'
    )
    path.write_text(text)
    run = CliRunner().invoke(command, ("check", str(path), "--amends", str(FILE)))
    assert (run.exit_code, run.stderr) == (0, "")
    assert f"Amends the version with the digest {FIRST.digest}" in run.stdout
