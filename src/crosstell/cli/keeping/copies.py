"""`crosstell record copy`, `copies`, `holdings` and `erase`: what left a party, and what goes.

Copies and holdings are read beside the node that runs; a new copy is recorded by that node, in the
session of the person who makes it. An erasure needs the node stopped.
"""

import secrets
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any

import click

from crosstell.cli.faults import one_message
from crosstell.cli.keeping.told import FOLDER, JSON, PACE, entry_named, tell
from crosstell.cli.operate import session
from crosstell.cli.operate.desk import Answer, Desk, told
from crosstell.cli.operate.session import Chosen
from crosstell.cli.operate.telling import at
from crosstell.codecs.plain import to_plain
from crosstell.codecs.shape import tag_of
from crosstell.core.errors import CallerError
from crosstell.core.ids import EntryRef
from crosstell.core.instant import format_instant, parse_instant
from crosstell.core.picture.releasing.copies import Copy, CopyMade
from crosstell.core.record.entry import parse
from crosstell.shell.access.access import Given
from crosstell.shell.archive.copies import Form, recognised, write_copy
from crosstell.shell.archive.holdings import Holding, versions_held
from crosstell.shell.config.node_file import Installation, read_installation
from crosstell.shell.live.ceremonies import erase_in
from crosstell.shell.live.looking import Looked, looked_at
from crosstell.shell.live.opening import clock_beside

COPY_SIZE_MAX = 64 * 1024 * 1024


@click.command()
@FOLDER
@click.option("--for", "recipient", help="Who gets the copy: an office or a role.")
@click.option("--purpose", help="What it is for.")
@click.option("--marking", help="The marking that it carries.")
@click.option("--entry", "entries", multiple=True, metavar="FEED/N", help="An entry; repeatable.")
@click.option("--number", type=int, help="Make a copy that is recorded already, to the byte.")
@click.option("--form", type=click.Choice([form.value for form in Form]), default=Form.PRINT.value)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new file.")
@session.choices
def copy(folder: Path, out: Path, form: str, number: int | None, **said: Any) -> None:  # noqa: ANN401
    """A copy of entries for one recipient: numbered, recorded, and marked in every part.

    A new copy is recorded by the running node in your session (`crosstell login`); one that tells
    positions waits for a second person, and is made after that with --number.
    """
    choice = session.chosen(said)
    with one_message():
        installation = read_installation(folder)
        _check_free(out)
        if number is not None and any(said.values()):
            raise CallerError("--number makes a copy again as it is recorded; give --out alone")
        answer = None if number is not None else _asked(installation, choice, said)
        if answer is not None and answer.status == HTTPStatus.ACCEPTED:
            _waits(answer, folder, as_json=choice.as_json)
            return
        with looked_at(installation) as looked:
            made = _copy(looked, number) if answer is None else _recorded(looked, answer)
            write_copy(looked.state, looked.store, made.event.number or 0, Form(form), out)
    value = {"written": str(out), **_copy_value(made)}
    tell(value, [f"{out}: {_copy_line(made)}"], as_json=choice.as_json)


def _asked(installation: Installation, choice: Chosen, said: dict[str, Any]) -> Answer:
    """What the running node answered to a new copy."""
    with looked_at(installation) as looked:
        wanted, own = _wanted(looked, said), looked.setting.party
    with Desk.opened(choice) as desk:
        if at(desk.get("/status"), "party") != own:
            raise CallerError(
                f"{installation.folder}: is the node of {own}, and the session is with another; "
                "log in to this one. Nothing was recorded"
            )
        body = {"body": {tag_of(CopyMade): to_plain(wanted)}}
        return desk.send("POST", "/acts", body, key=secrets.token_hex(16))


@click.command()
@FOLDER
@click.option(
    "--found",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A copy that turned up: say which it is, by its bytes.",
)
@JSON
def copies(folder: Path, found: Path | None, *, as_json: bool) -> None:
    """Every copy that was recorded: its number, for whom, what for, when, by whom."""
    with one_message(), looked_at(read_installation(folder)) as looked:
        made = looked.state.journal.copies
        if found is not None:
            number = recognised(looked.state, looked.store, _bytes(found))
            if number is None:
                raise CallerError(
                    f"{found}: has the bytes of no copy that is recorded here; look for a mark in "
                    "its parts, which names number and recipient"
                )
            made = {number: made[number]}
    listed = [made[number] for number in sorted(made)]
    lines = [_copy_line(one) for one in listed] or ["no copy is recorded"]
    tell([_copy_value(one) for one in listed], lines, as_json=as_json)


@click.command()
@FOLDER
@click.option("--item", metavar='"KIND ID"', help='Of one object alone, as "notice zone-1".')
@click.option("--at", "instant", help="The newest version that each surely held then (UTC).")
@JSON
def holdings(folder: Path, item: str | None, instant: str | None, *, as_json: bool) -> None:
    """Who held which entry of ours, from when at the latest, and by whose clock."""
    with one_message():
        if instant is not None and item is None:
            raise CallerError('--at: name the object too, as --item "notice zone-1"')
        moment = None if instant is None else _instant(instant)
        with looked_at(read_installation(folder)) as looked:
            found = looked.holdings()
        items = {one.item for one in found}
        if item is not None and item not in items:
            named = ", ".join(sorted(one for one in items if " " in one)[:20]) or "nothing"
            raise CallerError(f"--item {item!r}: nothing was said of it; there is {named}")
        if item is not None:
            found = tuple(one for one in found if one.item == item)
        if item is not None and moment is not None:
            found = versions_held(found, item, moment)
    none = "nothing shows that any party held it then; that it did not is not shown either"
    lines = [one.text for one in found] or ([none] if moment else ["nothing was said to others"])
    tell([_holding_value(one) for one in found], lines, as_json=as_json)


@click.command()
@FOLDER
@click.option("--entry", required=True, metavar="FEED/N", help="What is erased.")
@click.option("--reason", required=True, help="Why; it stands in the journal.")
@click.option("--account", required=True, help="Your account: an operator of this node.")
@click.option("--code", help="The one-time code, where the account has one.")
@click.option("--password-stdin", "piped", is_flag=True, help="Read the password from a pipe.")
@PACE
@JSON
def erase(folder: Path, entry: str, reason: str, *, as_json: bool, **said: Any) -> None:  # noqa: ANN401
    """Erase what an entry said, here and for good; that it was said stays. The node is stopped."""
    with one_message():
        installation = read_installation(folder)
        named = entry_named(entry, "--entry")
        password = (
            sys.stdin.readline().rstrip("\n")
            if said["piped"]
            else click.prompt(f"Password of {said['account']}", hide_input=True, err=True)
        )
        given = Given(account=said["account"], password=password, code=said["code"])
        now = clock_beside(installation, said["pace"]).now()
        ref = erase_in(installation, named, given, reason, now)
    tell(
        {"erased": {"feed": named[0], "seq": named[1]}, "recorded": to_plain(ref)},
        [
            f"What {entry} said is erased here; the journal says so in entry {ref.seq}.",
            "Other parties that were told still hold it, and so do backups: erase it there too.",
        ],
        as_json=as_json,
    )


def _wanted(looked: Looked, said: dict[str, Any]) -> CopyMade:
    """The copy that was asked for; every entry of it is held here."""
    lacking = [name for name in ("recipient", "purpose", "marking", "entries") if not said[name]]
    if lacking:
        options = {"recipient": "--for", "entries": "--entry"}
        names = ", ".join(options.get(name, f"--{name}") for name in lacking)
        raise CallerError(
            f"a new copy needs {names} too; or give --number for one that is recorded"
        )
    refs = []
    for text in said["entries"]:
        feed, seq = entry_named(text, "--entry")
        row = next(iter(looked.store.entries(feed, seq, 1)), None)
        if row is None:
            raise CallerError(f"--entry {text}: is not held here. Nothing was recorded")
        refs.append(EntryRef(feed=feed, seq=seq, hash=parse(row.leaf).hash.hex()))
    try:
        return CopyMade(
            items=tuple(refs),
            recipient=said["recipient"],
            purpose=said["purpose"],
            marking=said["marking"],
        )
    except ValueError as fault:
        raise CallerError(f"{fault}. Nothing was recorded") from fault


def _waits(answer: Answer, folder: Path, *, as_json: bool) -> None:
    """That a second person must confirm it, and what to do after that."""
    lines = [
        *told(answer, "copy"),
        f"Then `crosstell record copies {folder}` tells its number, and --number makes it",
    ]
    tell(answer.body, lines, as_json=as_json)


def _recorded(looked: Looked, answer: Answer) -> Copy:
    """The copy that the node has just recorded."""
    named = {(one["feed"], one["seq"]) for one in answer.body["recorded"]}
    for made in looked.state.journal.copies.values():
        if (made.stamp.ref.feed, made.stamp.ref.seq) in named:
            return made
    raise CallerError(
        "the copy is recorded by the node of the session, and is not in this folder; give the "
        "folder of that node and the number"
    )


def _copy(looked: Looked, number: int | None) -> Copy:
    made = None if number is None else looked.state.journal.copies.get(number)
    if made is None:
        raise CallerError(
            f"copy {number} is not recorded; `crosstell record copies FOLDER` lists those that are"
        )
    return made


def _check_free(out: Path) -> None:
    """Refuse a file that could not be written, before anything is recorded."""
    if out.exists() or out.is_symlink():
        raise CallerError(f"{out}: exists already; nothing was recorded. Name a new file")
    if not out.absolute().parent.is_dir():
        raise CallerError(f"{out.absolute().parent}: no such folder; nothing was recorded")


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(COPY_SIZE_MAX + 1)
    except OSError as error:
        raise CallerError(f"{path}: cannot be read ({error.strerror}); name a file") from error
    if len(data) > COPY_SIZE_MAX:
        raise CallerError(f"{path}: is larger than any copy ({COPY_SIZE_MAX} bytes)")
    return data


def _instant(text: str) -> Any:  # noqa: ANN401 - a datetime
    try:
        return parse_instant(text)
    except ValueError as fault:
        raise CallerError(f"--at {text!r}: {fault}; write it as 2026-03-01T06:00:00Z") from fault


def _copy_value(made: Copy) -> dict[str, Any]:
    event: Any = to_plain(made.event)
    return {**event, "made_at": format_instant(made.stamp.at), "entry": to_plain(made.stamp.ref)}


def _copy_line(made: Copy) -> str:
    event = made.event
    return (
        f"copy {event.number} for {event.recipient}, {event.marking}, made "
        f"{format_instant(made.stamp.at)}, {len(event.items)} entries: {event.purpose}"
    )


def _holding_value(one: Holding) -> dict[str, Any]:
    held: Any = to_plain(one)
    return {**held, "held_by": None if one.held_by is None else format_instant(one.held_by)}
