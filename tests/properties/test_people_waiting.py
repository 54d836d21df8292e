"""A channel's queue against a plain list: no matter and role that was to be rung is ever lost."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sampling import examples

from crosstell.core.ids import RoleId
from crosstell.shell.people import waiting
from crosstell.shell.people.handing import NAMES_MAX, Handing, Kind
from crosstell.shell.people.waiting import MATTERS_MAX, TOGETHER, Delivery, Task, Waiting

START = datetime(2023, 10, 5, tzinfo=UTC)


def task(matter: str, role: str, number: int, kind: Kind = Kind.RING) -> Task:
    handing = Handing(
        kind=kind,
        matter=matter,
        role=RoleId(role),
        rung=number,
        text=f"text {number}",
        asked_at=START,
    )
    delivery = Delivery(handing=handing, turn=(), in_turn=False)
    return Task(delivery=delivery, due_at=START + timedelta(seconds=number % 3))


steps = st.lists(
    st.tuples(
        st.sampled_from(["put", "take", "fail", "drop"]),
        st.sampled_from(["m1", "m2", "m3", "m4", "m5", "m6"]),
        st.sampled_from(["duty", "chief"]),
        st.sampled_from([Kind.RING, Kind.DRAFT]),
    ),
    max_size=60,
)


@settings(max_examples=examples(300))
@given(steps=steps, limit=st.integers(1, 8))
@example(  # what told of the others together failed, and came back to a full queue
    steps=[
        ("put", "m1", "duty", Kind.DRAFT),
        ("put", "m1", "chief", Kind.RING),
        ("take", "m1", "duty", Kind.RING),
    ],
    limit=1,
)
def test_what_is_to_be_rung_is_rung_or_told_with_others(
    steps: list[tuple[str, str, str, Kind]], limit: int
) -> None:
    """PEO-002: after any puts, hand-overs that fail, and ends, everything owed is told."""
    held, kept = Waiting(), waiting.MATTERS_MAX
    waiting.MATTERS_MAX = limit
    try:
        owed, told, in_hand = _played(held, steps)
        late = START + timedelta(hours=1)
        if in_hand is not None:
            held.put_back(in_hand)
        while (last := held.take(late)) is not None:
            told.append(last.delivery.handing)
    finally:
        waiting.MATTERS_MAX = kept
    together = [one for one in told if one.matter == TOGETHER]
    named = {(matter, one.role) for one in together for matter in one.more}
    said = {(one.matter, one.role) for one in told}
    assert owed.keys() <= said | named
    for key, number in owed.items():
        newest = max((one.rung or 0 for one in told if (one.matter, one.role) == key), default=-1)
        assert newest == number or key in named
    assert all(one.more_total >= len(one.more) for one in together)


def _played(
    held: Waiting, steps: list[tuple[str, str, str, Kind]]
) -> tuple[dict[tuple[str, str | None], int], list[Handing], Task | None]:
    """What is owed (the newest number of each matter and role), what was told, what is in hand."""
    owed: dict[tuple[str, str | None], int] = {}
    told: list[Handing] = []
    in_hand: Task | None = None
    for number, (what, matter, role, kind) in enumerate(steps):
        if what == "put":
            held.put(task(matter, role, number, kind))
            owed[matter, RoleId(role)] = number
        elif what == "drop":
            held.drop(matter)
            for key in [key for key in owed if key[0] == matter]:
                del owed[key]
        else:
            if in_hand is not None:
                _end_attempt(held, in_hand, told, failed=what == "fail")
            in_hand = held.take(START + timedelta(seconds=2))
    return owed, told, in_hand


def _end_attempt(held: Waiting, task: Task, told: list[Handing], *, failed: bool) -> None:
    if failed:
        held.put_back(task)
    else:
        told.append(task.delivery.handing)


def test_rings_go_before_drafts_ends_and_shows() -> None:
    """PEO-002: and of a kind, the oldest first."""
    held = Waiting()
    for number, kind in enumerate([Kind.SHOW, Kind.END, Kind.DRAFT, Kind.RING, Kind.RING]):
        held.put(task(f"m{number}", "duty", number, kind))
    late = START + timedelta(hours=1)
    order = [found.delivery.handing.matter for _ in range(5) if (found := held.take(late))]
    assert order == ["m3", "m4", "m2", "m1", "m0"]


def test_a_full_queue_tells_of_the_others_together() -> None:
    """PEO-002: counted and named, within the bound; what is merely shown is dropped and counted."""
    held = Waiting()
    for number in range(MATTERS_MAX + 50):
        held.put(task(f"m{number}", "duty", number))
    assert len(held) == MATTERS_MAX + 1
    late = START + timedelta(hours=1)
    told = [found.delivery.handing for _ in range(MATTERS_MAX + 1) if (found := held.take(late))]
    (last,) = [one for one in told if one.matter == TOGETHER]
    assert (last.more_total, len(last.more)) == (50, NAMES_MAX)
    assert "50 more matters wait for duty" in last.words
    for number in range(waiting.OTHERS_MAX + 7):
        held.put(task(f"alert a{number}", "", number, Kind.SHOW))
    assert (len(held), held.dropped) == (waiting.OTHERS_MAX, 7)
