"""`crosstell watch`: take, hand over and join the watch; follow what the node tells."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import click
import httpx

from crosstell.cli.faults import one_message
from crosstell.cli.operate import session, telling
from crosstell.cli.operate.desk import Desk
from crosstell.cli.operate.session import Chosen
from crosstell.core.errors import CallerError, Unavailable

SILENCE_S = 10.0  # a keepalive comes every two seconds; after so long the line is taken for dead
AGAIN_S_MAX = 15.0
EVENT_SIZE_MAX = 16 * 1024 * 1024


@click.group()
def watch() -> None:
    """Take, hand over or join the watch; follow what the node tells."""


@watch.command()
@click.option("--number", help="The watch's number; the next one if left out.")
@click.option("--relieves", metavar="WATCH", help="The watch that is relieved, if one is held.")
@click.option("--briefed", multiple=True, metavar="MATTER", help="An open matter that was told.")
@session.choices
def take(
    number: str | None,
    relieves: str | None,
    briefed: tuple[str, ...],
    **said: Any,  # noqa: ANN401
) -> None:
    """Take the watch of this account's role; one that is held is relieved by its number."""
    given: dict[str, Any] = {"how": "take", "briefed": list(briefed)}
    if number is not None:
        given["watch"] = number
    if relieves is not None:
        given["relieves"] = relieves
    _stand(session.chosen(said), given)


@watch.command()
@session.choices
def join(**said: Any) -> None:  # noqa: ANN401
    """Join the watch that holds this account's role, as its second voice."""
    _stand(session.chosen(said), {"how": "join"})


def _stand(choice: Chosen, given: dict[str, Any]) -> None:
    with one_message(), Desk.opened(choice) as desk:
        found = desk.send("POST", "/watch", given).body
    if choice.as_json:
        click.echo(json.dumps(found))
        return
    was = found.get("relieved")
    relieved = f"; it relieved watch {was}" if was else "; nobody was relieved"
    click.echo(f"{found['role']}: this session is on watch {found['watch']}{relieved}")


@watch.command()
@click.option("--after", type=click.IntRange(0), help="Entries after this local number; else new.")
@click.option("--until", type=click.IntRange(1), help="End after so many events.")
@session.choices
def follow(after: int | None, until: int | None, **said: Any) -> None:  # noqa: ANN401
    """Print each entry and each ring as it comes, until interrupted; the line may break."""
    choice = session.chosen(said)
    with one_message():
        for number, event in enumerate(followed(choice, after), start=1):
            click.echo(_line(event, as_json=choice.as_json))
            if number == until:
                return


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One server-sent event."""

    name: str
    data: Any
    number: int | None


def followed(choice: Chosen, after: int | None) -> Iterator[Event]:
    """Entries and effects without end. A broken line is taken up where it broke. OPE-030."""
    wait_s = 1.0
    while True:
        try:
            for event in _stream(choice, after):
                wait_s = 1.0
                after = event.number if event.number is not None else after
                if event.name == "dropped":
                    click.echo(f"dropped by the node: {telling.at(event.data, 'reason')}", err=True)
                elif event.name in ("entry", "effect"):
                    yield event
        except Unavailable as away:
            click.echo(f"{away}. Trying again in {wait_s:g} s", err=True)
        time.sleep(wait_s)
        wait_s = min(wait_s * 2, AGAIN_S_MAX)


def _stream(choice: Chosen, after: int | None) -> Iterator[Event]:
    headers = {"Accept": "text/event-stream"}
    if after is not None:
        headers["Last-Event-ID"] = str(after)
    times = httpx.Timeout(SILENCE_S, connect=5.0)
    with (
        Desk.opened(choice) as desk,
        desk.stream("/stream", headers=headers, timeout=times) as answer,
    ):
        yield from events(answer.iter_text())


def events(chunks: Iterator[str]) -> Iterator[Event]:
    """The events of a stream, however its text is cut. An event without data counts its number."""
    held = ""
    for chunk in chunks:
        held += chunk.replace("\r\n", "\n")
        if len(held) > EVENT_SIZE_MAX:
            raise CallerError(f"the node sent an event over {EVENT_SIZE_MAX} characters; not read")
        *whole, held = held.split("\n\n")
        for block in whole:
            found = _event(block)
            if found is not None:
                yield found


def _event(block: str) -> Event | None:
    fields: dict[str, str] = {}
    for line in block.split("\n"):
        name, colon, value = line.partition(":")
        if colon and name:
            value = value.removeprefix(" ")
            fields[name] = f"{fields[name]}\n{value}" if name == "data" in fields else value
    number = fields.get("id", "")
    if not fields.keys() & {"data", "id"}:
        return None  # a comment, or how soon to come again
    try:
        data = json.loads(fields.get("data", "null"))
    except (ValueError, RecursionError):
        data = None
    return Event(
        name=fields.get("event", ""),
        data=data,
        number=int(number) if number.isascii() and number.isdigit() else None,
    )


def _line(event: Event, *, as_json: bool) -> str:
    if as_json:
        found = {"event": event.name, "number": event.number, "data": event.data}
        return json.dumps(found, ensure_ascii=False)
    if event.name == "entry":
        return telling.to_the_second(telling.printable(telling.entry(event.data)))
    kind = telling.tag(event.data)
    inner = telling.at(event.data, kind)
    role = f" {telling.at(inner, 'role')}" if telling.at(inner, "role") else ""
    about = telling.at(inner, "matter") or telling.at(inner, "alert") or telling.at(inner, "call")
    words = f"{kind.upper().replace('_', ' ')}{role}: {about}: {telling.at(inner, 'text')}"
    return telling.to_the_second(telling.printable(words))
