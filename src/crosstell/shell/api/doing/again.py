"""Whether an act that was asked before a crash is in the record already: done, or refused."""

from dataclasses import fields, is_dataclass

from crosstell.codecs import entry_body
from crosstell.codecs.shape import fields_of, tag_of
from crosstell.core.errors import Refused
from crosstell.core.ids import EntryRef, Latest, Named
from crosstell.core.mechanism.inputs import ActOnce
from crosstell.core.mechanism.naming import may_have_meant
from crosstell.core.record.entry import parse
from crosstell.core.state.events import CommandRefused
from crosstell.core.state.state import State
from crosstell.shell.api.serving import Serving
from crosstell.shell.store.contract import StoredEntry

REFUSAL = tag_of(CommandRefused)
PAGE = 1_000  # entries looked at in one turn of the owner's thread
FILLED_IN = (
    "answer_by",
    "sent_by",
    "number",
    "second",
)  # what the node, or another person, adds to an act


async def recorded_before(
    serving: Serving, given: ActOnce, after: int
) -> EntryRef | Refused | None:
    """The entry of ours after that local number that records this act, or what refused it then.

    Implements API-023, API-442.
    """
    state = serving.state
    while True:
        page = await page_after(serving, after)
        found = await serving.aside(_among, state, given, tuple(row for _, row in page))
        if found is not None or not page:
            return found
        after = page[-1][0]


async def page_after(serving: Serving, after: int) -> tuple[tuple[int, StoredEntry], ...]:
    """The next entries after that local number, as the store holds them."""
    store = serving.settings.store
    return await serving.look(lambda _node, _now: tuple(store.arrivals(after, PAGE)))


def _among(
    state: State, given: ActOnce, rows: tuple[StoredEntry, ...]
) -> EntryRef | Refused | None:
    kind = entry_body.kind_of(given.body)
    for row in rows:
        if row.feed not in (state.own.feed, state.journal.feed) or row.body is None:
            continue
        entry = parse(row.leaf)
        if entry.header.type not in (kind, REFUSAL):
            continue
        said = entry_body.decode(entry.header.type, row.body)
        if isinstance(said.body, CommandRefused):
            if said.body.asked_as == given.name:
                return Refused(code=said.body.code, text=said.body.text)
        elif said.by == given.by and _is_same(state, said.body, given.body):
            return entry.ref
    return None


def _is_same(state: State, said: object, wanted: object) -> bool:
    """Whether they say the same, but for what is filled in."""
    return type(said) is type(wanted) and all(
        _says(state, getattr(said, field.name), getattr(wanted, field.name))
        for field in fields_of(type(said))
        if field.name not in FILLED_IN
    )


def _says(state: State, said: object, wanted: object) -> bool:
    """Whether a recorded value is what was asked for.

    A name may mean a newer version by now than it did when the act was recorded.
    """
    if isinstance(wanted, Named | Latest):
        return isinstance(said, EntryRef) and may_have_meant(state, wanted, said)
    if isinstance(wanted, tuple) and isinstance(said, tuple) and len(said) == len(wanted):
        return all(_says(state, one, other) for one, other in zip(said, wanted, strict=True))
    if is_dataclass(wanted) and type(said) is type(wanted):
        names = (field.name for field in fields(wanted))
        return all(_says(state, getattr(said, name), getattr(wanted, name)) for name in names)
    return said == wanted
