"""Of whatever kind an entry is: one that holds a position is copied by two persons.

The oracle reads the signed form: a position has a latitude there, wherever it stands. Which kinds
can hold one is read off their types, so a kind that comes needs an example here.
"""

from collections.abc import Iterator
from dataclasses import is_dataclass, replace
from datetime import timedelta
from typing import Any, get_args, get_type_hints

import pytest
from account_values import moment, place, revised, stated
from hypothesis import given
from hypothesis import strategies as st
from line_values import account, words
from node_pair import ALPHA, CONTENT, DUTY, SEA, START, World, area, call, post, roz
from picture_values import ref
from release_values import SECOND, terms
from test_mechanism_papers import FILE

from crosstell.codecs.rows import rows_of
from crosstell.codecs.shape import tag_of
from crosstell.codecs.values import to_signed
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.position import Position
from crosstell.core.ids import CallId, EntryRef, PaperId
from crosstell.core.incident.paper import PaperFiled
from crosstell.core.line.acknowledgement import CallReadBack, CallReceived
from crosstell.core.line.message import CallCorrected, CallDisregarded, CallPlaced
from crosstell.core.line.watch.voice import VoiceLogCorrected, VoiceLogged, VoiceLogId
from crosstell.core.mechanism.releasing.giving import needs_second
from crosstell.core.picture.content import NotifiedSite, OwnForceLocation
from crosstell.core.picture.notice import NoticeFiled, NoticeWithdrawn
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.releasing.copies import CopyMade
from crosstell.core.picture.releasing.share import Contains, ShareGranted, ShareId, ShareUpdated
from crosstell.core.state.events import SHARED_EVENTS, Event
from crosstell.core.state.held import Held
from crosstell.core.state.state import State, fold

BY = Speaker(party=ALPHA, role=DUTY, watch="1")
NO_PLACE = replace(CONTENT, place=None)
LOG, CALL = VoiceLogId("v-1"), CallId("c-1")
TOLD_CALL = ref(0, "feed-bravo")
POSITION = replace(CONTENT, place=SEA)


def placed(content: Any) -> CallPlaced:  # noqa: ANN401 - a content
    return call(content=content, answer_by=START + timedelta(seconds=120))


def logged(content: Any, **heard: Any) -> VoiceLogged:  # noqa: ANN401 - a content, or none
    return VoiceLogged(log=LOG, account=account(message=content, **heard))


def corrected(content: Any) -> VoiceLogCorrected:  # noqa: ANN401 - a content, or none
    return VoiceLogCorrected(log=LOG, account=account(message=content), reason=words("misheard"))


def paper(content: Any, version: int = 1) -> PaperFiled:  # noqa: ANN401 - of any paper
    return PaperFiled(
        paper=PaperId("p-1"),
        version=version,
        content=content,
        marking="TEST",
        reason=None if version == 1 else "changed",
    )


def read_back(content: Any) -> CallReadBack:  # noqa: ANN401 - a content
    return CallReadBack(call=TOLD_CALL, content=TOLD_CALL, read_back=content)


def told(hours: float) -> ShareUpdated:
    volume = area(2_000.0, hours=hours)
    return ShareUpdated(share=ShareId("sh-1"), volume=volume, contains=Contains.STATED_ACCURACY)


EXAMPLES: tuple[Event, ...] = (
    *(placed(content) for content in (CONTENT, NO_PLACE, POSITION)),
    *(CallCorrected(call=CALL, content=content) for content in (CONTENT, NO_PLACE)),
    CallDisregarded(call=CALL),
    CallReceived(call=TOLD_CALL),
    *(read_back(content) for content in (CONTENT, NO_PLACE)),
    *(logged(content) for content in (CONTENT, None)),
    logged(None, read_back=POSITION),
    *(corrected(content) for content in (CONTENT, NO_PLACE)),
    *(stated(content) for content in (place(36.6, 40.4), moment("08:40"))),
    *(revised(content) for content in (place(36.7, 40.4), moment("08:41"))),
    paper(FILE),
    paper(replace(FILE, reference=SEA), 2),
    paper(replace(FILE, place=Circle(centre=SEA, radius_m=9.0)), 2),
    roz(),
    post(ALPHA),
    NoticeWithdrawn(notice=post(ALPHA).notice, version=1, reason="over"),
    ShareGranted(share=ShareId("sh-1"), terms=terms(), second=SECOND),
    *(told(hours) for hours in (0.1, 0.2)),
)


def types_in(kind: Any, seen: set[Any]) -> Iterator[Any]:  # noqa: ANN401 - a type, or a union
    """Every class that a value of this kind may hold, however deep."""
    if kind in seen:
        return
    seen.add(kind)
    for part in get_args(kind):
        yield from types_in(part, seen)
    if isinstance(kind, type):
        yield kind
        for hint in get_type_hints(kind).values() if is_dataclass(kind) else ():
            yield from types_in(hint, seen)


def tells(body: Event) -> bool:
    """By the signed form; of notices those two kinds that two persons file."""
    if isinstance(body, NoticeFiled):
        return isinstance(body.content, OwnForceLocation | NotifiedSite)
    return "lat_e7" in repr(to_signed(body))


def folded(bodies: tuple[Event, ...]) -> tuple[State, list[EntryRef]]:
    """Alpha's feed with these entries, whatever its tables say of them."""
    state = World().state(ALPHA)
    first, feed = state.own.size, state.own.feed
    refs = [ref(first + number, feed) for number in range(len(bodies))]
    held = [
        Held(ref=one, kind=tag_of(type(body)), at=START, audience=(), by=BY, body=body)
        for one, body in zip(refs, bodies, strict=True)
    ]
    return fold(state, *held), refs


def needs_two(state: State, entry: EntryRef) -> bool:
    made = CopyMade(items=(entry,), recipient="desk 3", purpose="briefing", marking="TEST")
    return needs_second(state, made)


def test_every_kind_that_can_hold_a_position_has_an_example() -> None:
    """REL-056: a kind that comes is decided here; so is one that no longer can."""
    can = {kind for kind in SHARED_EVENTS if Position in types_in(kind, set())}
    assert can == {type(body) for body in EXAMPLES if "lat_e7" in repr(to_signed(body))}


@given(st.lists(st.sampled_from(EXAMPLES), max_size=12).map(tuple))
def test_what_holds_a_position_is_copied_by_two_persons(bodies: tuple[Event, ...]) -> None:
    """REL-051, REL-056: in any order, repeated, out of turn, or taken back afterwards."""
    state, refs = folded(bodies)
    for body, entry in zip(bodies, refs, strict=True):
        assert needs_two(state, entry) or not tells(body), body


@pytest.mark.parametrize(
    "bodies",
    [
        (placed(NO_PLACE), CallDisregarded(call=CALL)),
        (CallReceived(call=TOLD_CALL), read_back(NO_PLACE)),
        (logged(NO_PLACE), corrected(None)),
        (stated(moment("08:40")), revised(moment("08:41"))),
        (paper(FILE), roz()),
        (ShareGranted(share=ShareId("sh-1"), terms=terms(), second=SECOND),),
    ],
)
def test_what_is_known_to_hold_none_needs_one_person(bodies: tuple[Event, ...]) -> None:
    """REL-056: else a second person would be asked for everything, and look at nothing."""
    state, refs = folded(bodies)
    assert not any(needs_two(state, entry) for entry in refs)


def test_the_withdrawal_of_a_place_tells_none_and_the_rest_of_its_call_does() -> None:
    """REL-056: what a notice's versions told is copied by version, and a call as a whole."""
    gone = NoticeWithdrawn(notice=post(ALPHA).notice, version=1, reason="over")
    state, refs = folded((post(ALPHA), gone, placed(CONTENT), CallDisregarded(call=CALL)))
    assert [needs_two(state, entry) for entry in refs] == [True, False, True, True]


def test_an_entry_that_is_not_known_counts_as_one_that_tells() -> None:
    """REL-056: irregular, given way to a later one, or of nobody here."""
    grant = ShareGranted(share=ShareId("sh-1"), terms=terms(), second=SECOND)
    state, refs = folded((corrected(None), grant, told(0.1), told(0.2)))
    assert [needs_two(state, entry) for entry in refs[2:]] == [True, True]
    assert needs_two(state, refs[0])
    assert needs_two(state, ref(0, "feed-of-nobody"))


names = st.sampled_from(("lat_deg", "radius_m", "wait_s_max", "said", "--- copy 9"))
texts = st.text(max_size=20)
plain = st.recursive(
    texts | st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9).map(lambda one: round(one, 7)),
    lambda held: st.lists(held, max_size=3) | st.dictionaries(names, held, max_size=3),
)


@given(st.dictionaries(names, plain, max_size=4))
def test_no_row_of_a_copy_can_stand_as_a_mark(value: dict[str, Any]) -> None:
    """REL-057: and no word or figure of what was said is lost."""
    lines = list(rows_of(value, "  "))
    assert all(line.startswith("  ") and len(line.splitlines()) == 1 for line in lines)
    shown = "\n".join(lines)
    for leaf in leaves(value):
        parts = (
            leaf.splitlines() if isinstance(leaf, str) else [f"{leaf:.7f}".rstrip("0").rstrip(".")]
        )
        assert all(part in shown for part in parts)


def leaves(value: Any) -> Iterator[Any]:  # noqa: ANN401 - a plain value
    if isinstance(value, dict | list):
        for held in value.values() if isinstance(value, dict) else value:
            yield from leaves(held)
    else:
        yield value
