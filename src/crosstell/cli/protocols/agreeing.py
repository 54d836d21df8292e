"""`crosstell protocol key`, `sign`, `verify`: detached signatures that parties exchange as files.

Nobody is said to have agreed unless the signature of every party that the document names was
given and verified. Implements PRO-134 to PRO-137.
"""

from collections.abc import Iterator
from pathlib import Path

import click

from crosstell.cli.faults import one_message
from crosstell.codecs.protocol_file import digest_of, read_protocol
from crosstell.codecs.protocols.template import placeholders
from crosstell.core.errors import CallerError, PartyError
from crosstell.core.ids import PartyId
from crosstell.core.protocol.digest import ProtocolDigest, read_aloud
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.signed.signature import (
    KEY_PREFIX,
    check_keys,
    sign_protocol,
    signature_key,
    signature_of,
    verified_signer,
)
from crosstell.core.record.note import NoteKey, parse_key, parse_note
from crosstell.core.record.signing import fingerprint
from crosstell.shell.archive.folder import read_file, write_file
from crosstell.shell.keys import PROTOCOL, KeyFolder
from crosstell.shell.signing import verifier_of

EXIT_NOT_BY_ALL = 1
SIGNATURE_BYTES_MAX = 4_096
KEY_LINE_MAX = 512
GIVEN_MAX = 64
KEY_FORM = (
    "give the line that crosstell protocol key prints, or a file with that line alone; it has the "
    f"form {KEY_PREFIX}PARTY+ID+KEY, the id in 8 hexadecimal digits and the key in base64"
)
_FILE = click.Path(path_type=Path)


@click.command(name="key")
@click.option("--keys", "folder", required=True, type=_FILE, metavar="FOLDER")
@click.option("--party", "party", required=True, metavar="ID")
def key_command(folder: Path, party: str) -> None:
    """Print the public key with which PARTY signs protocols; make it if there is none."""
    with one_message():
        keys = KeyFolder(path=folder)
        signer = keys.load(PROTOCOL) if PROTOCOL in keys.names() else keys.create(PROTOCOL)
        try:
            line = signature_key(PartyId(party), signer.public_key()).print()
        except ValueError as fault:
            raise CallerError(f"--party: {fault}") from fault
    click.echo(line)
    click.echo(f"fingerprint: {_groups(fingerprint(signer.public_key()))}", err=True)


@click.command(name="sign")
@click.argument("file", type=_FILE)
@click.option("--keys", "folder", required=True, type=_FILE, metavar="FOLDER")
@click.option("--party", "party", required=True, metavar="ID", help="For whom it is signed.")
@click.option("--out", "out", required=True, type=_FILE, metavar="FILE")
def sign_command(file: Path, folder: Path, party: str, out: Path) -> None:
    """Sign FILE for PARTY: a signature file to be sent to the other parties.

    It bears no time and puts nothing in force by itself: that follows from the parties' feeds.
    """
    with one_message():
        found = read_protocol(file)
        left = placeholders(found)
        if left:
            raise CallerError(
                f"{file}: nothing was signed, the document is not finished: {'; '.join(left)}"
            )
        keys = KeyFolder(path=folder)
        if PROTOCOL not in keys.names():
            raise CallerError(
                f"{folder}: holds no key {PROTOCOL}.key; make it with crosstell protocol key"
            )
        signature = signature_of(found, digest_of(found), PartyId(party))
        signer = keys.load(PROTOCOL)
        write_file(out, sign_protocol(signature, signer).print())
    click.echo(f"written: {out}")
    click.echo(f"{party} signs {found.name}, version {found.version}, by its digest")
    click.echo(_indented(read_aloud(signature.digest)))
    click.echo("This is one party's signature. Nothing is signed by the others thereby.")


@click.command(name="verify")
@click.argument("file", type=_FILE)
@click.option("--signature", "files", multiple=True, type=_FILE, metavar="FILE")
@click.option("--party-key", "lines", multiple=True, metavar="KEY", help="What `key` prints.")
@click.pass_context
def verify_command(
    ctx: click.Context, file: Path, files: tuple[Path, ...], lines: tuple[str, ...]
) -> None:
    """Say who signed FILE: exit code 0 if every party that it names did, 1 if not, 2 on a fault."""
    with one_message():
        found = read_protocol(file)
        digest = digest_of(found)
        keys = _keys(lines, found)
        signed = _signed(files, found, digest, keys)
    click.echo("\n".join(_told(found, digest, signed)))
    missing = [party for party in found.signers if party not in signed]
    ctx.exit(EXIT_NOT_BY_ALL if missing else 0)


def _keys(lines: tuple[str, ...], found: Protocol) -> tuple[NoteKey, ...]:
    """The keys of the parties, from the lines that `key` prints, or files with one such line."""
    if len(lines) > GIVEN_MAX:
        raise CallerError(f"--party-key is given more than {GIVEN_MAX} times")
    keys = tuple(_key(line) for line in lines)
    check_keys(keys, found)
    return keys


def _key(given: str) -> NoteKey:
    try:
        line = given
        if not given.startswith(KEY_PREFIX):
            content = read_file(Path(given), KEY_LINE_MAX)
            line = content.decode("utf-8", errors="replace").removesuffix("\n")
        return parse_key(line)
    except (CallerError, ValueError) as fault:
        raise CallerError(f"--party-key: {fault}; {KEY_FORM}") from fault


def _signed(
    files: tuple[Path, ...], found: Protocol, digest: ProtocolDigest, keys: tuple[NoteKey, ...]
) -> dict[PartyId, NoteKey]:
    """Each party whose signature verified, with its key; the first fault ends it."""
    if len(files) > GIVEN_MAX:
        raise CallerError(f"--signature is given more than {GIVEN_MAX} times")
    by_party = {key.name.removeprefix(KEY_PREFIX): key for key in keys}
    signed: dict[PartyId, NoteKey] = {}
    for path in files:
        data = read_file(path, SIGNATURE_BYTES_MAX)
        try:
            party = verified_signer(parse_note(data), found, digest, keys, verifier_of)
        except (CallerError, PartyError) as refused:
            raise CallerError(f"{path}: {refused}") from refused
        signed[party] = by_party[party]
    return signed


def _told(found: Protocol, digest: ProtocolDigest, signed: dict[PartyId, NoteKey]) -> Iterator[str]:
    yield f"{found.name}, version {found.version}"
    yield _indented(read_aloud(digest))
    for party in found.signers:
        key = signed.get(party)
        if key is None:
            yield f"{party}: no signature was given"
        else:
            yield f"{party}: signed, under the key {_groups(fingerprint(key.public_key))}"
    missing = [party for party in found.signers if party not in signed]
    if missing:
        yield f"NOT signed by all that it names: {', '.join(missing)} missing."
    else:
        yield f"Signed by all that it names: {', '.join(found.signers)}."
    if signed:
        yield "It rests on the keys that you gave; compare each fingerprint by voice."
    yield "Signature files bear no time. In force, suspended and used follow from the feeds."


def _groups(digits: str) -> str:
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
