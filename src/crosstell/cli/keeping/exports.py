"""`crosstell record export`, `verify` and `receipt`: what is shown of a record, and proven.

Every fault is one message on standard error, exit code 2, and nothing is written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from crosstell.cli.faults import one_message
from crosstell.cli.keeping.progress import progress
from crosstell.cli.keeping.told import JSON, entry_named, tell
from crosstell.codecs.archive.files import Purpose
from crosstell.codecs.archive.verification import print_json, print_text
from crosstell.core.errors import CallerError, Fatal, PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.receipt import RECEIPT_SIZE_MAX
from crosstell.shell.archive.export import Bodies, Choice, export
from crosstell.shell.archive.folder import ExportFolder, write_file
from crosstell.shell.archive.receipts import (
    CallBody,
    HeldFeed,
    Wanted,
    held_in_export,
    held_in_store,
    make_receipt,
)
from crosstell.shell.archive.sealed import SealedFolder
from crosstell.shell.archive.verify import Detail, verify, verify_export
from crosstell.shell.keys import ONLINE, KeyFolder
from crosstell.shell.store import SqliteStore

_FINGERPRINT_LENGTH = 64


@contextmanager
def _about(store_file: Path) -> Iterator[None]:
    """What does not hold in the store is said with the name of its file."""
    try:
        yield
    except PartyError as refused:
        raise Fatal(
            f"{store_file}: the store is damaged, or was altered: {refused}. Keep it and restore "
            "the newest copy beside it"
        ) from refused


@click.command(name="export")
@click.option("--store", "store_file", required=True, type=click.Path(path_type=Path))
@click.option("--keys", "keys_folder", required=True, type=click.Path(path_type=Path))
@click.option("--out", "out", required=True, type=click.Path(path_type=Path))
@click.option(
    "--bodies",
    type=click.Choice([word.value for word in Bodies]),
    default=Bodies.NONE.value,
    show_default=True,
    help="Which bodies are shown: none, those of the own feed, or all that are held.",
)
@click.option(
    "--own-use",
    "purpose",
    flag_value=Purpose.OWN_USE.value,
    default=Purpose.SHARED.value,
    help="Add the private journal. Such an export must not leave the party.",
)
@JSON
def export_command(
    store_file: Path, keys_folder: Path, out: Path, bodies: str, purpose: str, *, as_json: bool
) -> None:
    """Write the record in a store to a new folder that anyone can verify."""
    choice = Choice(purpose=Purpose(purpose), bodies=Bodies(bodies))
    with one_message():
        signer = KeyFolder(path=keys_folder).load(ONLINE)
        store = SqliteStore.open_read_only(store_file)
        try:
            with _about(store_file), progress("exported") as aside:
                done = export(store, out, choice, signer, aside)
        finally:
            store.close()
    lines = [f"feed {feed}: {size} entries" for feed, size in done.sizes]
    lines += [
        f"feed {feed}: {count} newer entries are stored, no checkpoint covers them yet"
        for feed, count in done.beyond
    ]
    value = {
        "written": str(out),
        "feeds": [{"feed": feed, "entries": size} for feed, size in done.sizes],
        "beyond": [{"feed": feed, "entries": count} for feed, count in done.beyond],
    }
    tell(value, [*lines, f"written: {out}"], as_json=as_json)


@click.command(name="verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--root",
    "roots",
    multiple=True,
    metavar="FINGERPRINT",
    help="A root fingerprint that you compared with its party. May be given more than once.",
)
@click.option(
    "--entries",
    "detail",
    flag_value=Detail.ENTRIES.value,
    default=Detail.FEEDS.value,
    help="Of an export: list every entry with the times that bound it, and by whose clock.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def verify_command(file: Path, roots: tuple[str, ...], detail: str, *, as_json: bool) -> None:
    """Verify an export, a receipt or fork evidence, offline; say what it rests on."""
    with one_message():
        compared = frozenset(_fingerprint(root) for root in roots)
        with progress("verified") as aside:
            found = verify(file, roots=compared, detail=Detail(detail), tell=aside)
    click.echo(print_json(found) if as_json else print_text(found), nl=False)


@click.command(name="receipt")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--call", required=True, metavar="FEED/NUMBER", help="The entry, as alpha/17.")
@click.option("--holder", metavar="FEED", help="Who held it; may be left out with two parties.")
@click.option(
    "--show-body",
    "body",
    flag_value=CallBody.SHOWN.value,
    default=CallBody.WITHHELD.value,
    help="Disclose in the receipt what the call said.",
)
@click.option("--out", "out", required=True, type=click.Path(path_type=Path))
@JSON
def receipt_command(
    source: Path, call: str, holder: str | None, body: str, out: Path, *, as_json: bool
) -> None:
    """Make the file that shows, alone, that a party held a call before its next entry.

    SOURCE is a store or an export.
    """
    with one_message():
        feed, seq = entry_named(call, "--call")
        wanted = Wanted(
            feed=feed,
            seq=seq,
            holder=None if holder is None else FeedId(holder),
            body=CallBody(body),
        )
        held = _held(source)
        try:
            data = make_receipt(held, wanted)
        except (PartyError, CallerError) as refused:
            raise CallerError(f"{source}: {refused}") from refused
        write_file(out, data)
    lines = [f"written: {out} ({len(data)} bytes, under {RECEIPT_SIZE_MAX})"]
    tell({"written": str(out), "bytes": len(data)}, lines, as_json=as_json)


def _held(source: Path) -> dict[FeedId, HeldFeed]:
    """The feeds of an export, verified, or of a store."""
    if source.is_dir():
        verify_export(source)
        return held_in_export(SealedFolder(ExportFolder(source)))
    store = SqliteStore.open_read_only(source)
    try:
        with _about(source):
            return held_in_store(store)
    finally:
        store.close()


def _fingerprint(text: str) -> str:
    """A fingerprint as compared aloud: spaces and capitals do not matter."""
    plain = "".join(text.split()).lower()
    if len(plain) != _FINGERPRINT_LENGTH or set(plain) - set("0123456789abcdef"):
        raise CallerError(
            f"--root {text!r}: a fingerprint has {_FINGERPRINT_LENGTH} digits of hex; copy it again"
        )
    return plain
