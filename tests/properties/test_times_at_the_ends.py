"""Times at the ends of the calendar: whatever takes a time refuses it or goes on. API-480."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from node_pair import ALPHA, BRAVO, START, World, roz
from test_mechanism_pairs import flight
from test_mechanism_release import EXAMPLES
from test_told_in_turkish import lacking

from crosstell.cli.operate.telling import VIEWS
from crosstell.codecs.entry_body import decode, encode
from crosstell.codecs.plain import to_plain
from crosstell.codecs.plan_file import PlanFile
from crosstell.codecs.values import WHOLE_MAX
from crosstell.core.errors import CallerError
from crosstell.core.ids import NoticeId, RoleId
from crosstell.core.incident.paper import PaperFiled
from crosstell.core.instant import YEAR_FIRST, YEAR_LAST, from_us, parse_instant, to_us
from crosstell.core.line.health import LineKey, LineSample, Occasion
from crosstell.core.line.watch.voice import VoiceLogged
from crosstell.core.mechanism.screen.screen import screen
from crosstell.core.picture.content import Activity
from crosstell.core.protocol.document import Protocol
from crosstell.core.state.acts import ACTS
from crosstell.core.state.events import Event
from crosstell.shell.api.views import held
from crosstell.shell.api.views.plan import checked
from crosstell.shell.exchange import AT_MS_MAX

FIRST = parse_instant("1685-01-01T00:00:00Z")
LAST = parse_instant("2254-12-31T23:59:59.999999Z")
LEAP = parse_instant("2024-02-29T23:59:59.999999Z")
ENDS = {"first": FIRST, "last": LAST, "leap": LEAP}
VIEWED = ("alerts", "calls", "claims", "given", "lines", "notices", "papers", "protocol", "shares")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0001-01-01T00:00:00Z", "years 1685 to 2254"),
        ("1684-12-31T23:59:59.999999Z", "years 1685 to 2254"),
        ("2255-01-01T00:00:00Z", "years 1685 to 2254"),
        ("9999-12-31T23:59:59Z", "years 1685 to 2254"),
        ("2016-12-31T23:59:60Z", "no instant of the calendar"),
        ("2023-02-29T00:00:00Z", "no instant of the calendar"),
        ("2023-04-31T00:00Z", "no instant of the calendar"),
        ("0000-01-01T00:00:00Z", "no instant of the calendar"),
        ("\u0662\u0660\u0662\u0663-01-01T00:00:00Z", "no instant of the calendar"),
    ],
)
def test_api_480_what_no_record_can_hold_is_refused_where_it_is_written(
    text: str, why: str
) -> None:
    with pytest.raises(ValueError, match=why) as refused:
        parse_instant(text)
    assert lacking(iter([("refusals", str(refused.value))])) == []


def test_api_480_the_ends_are_those_of_signed_data() -> None:
    for year in (YEAR_FIRST, YEAR_LAST):
        edge = datetime(year, 6, 1, tzinfo=UTC)
        assert abs(to_us(edge)) < WHOLE_MAX
        beyond = edge.replace(year=year + (1 if year == YEAR_LAST else -1), month=12)
        assert abs(to_us(beyond.replace(month=1 if year == YEAR_FIRST else 12))) > WHOLE_MAX


def times_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
    """Every place of a time in a value."""
    if isinstance(value, datetime):
        yield path
    elif isinstance(value, tuple):
        for index, one in enumerate(value):
            yield from times_in(one, (*path, index))
    elif is_dataclass(value):
        for field in fields(value):
            yield from times_in(getattr(value, field.name), (*path, field.name))


def put(value: Any, path: tuple[Any, ...], at: datetime) -> Any:  # noqa: ANN401
    """The value with another time there; ValueError where it cannot be, as a form would say."""
    if not path:
        return at
    if isinstance(value, tuple):
        return tuple(put(one, path[1:], at) if n == path[0] else one for n, one in enumerate(value))
    return replace(value, **{path[0]: put(getattr(value, path[0]), path[1:], at)})


def variants(event: Any, at: datetime) -> Iterator[Event]:  # noqa: ANN401 - any act
    """The event with each of its times there, and with all of them."""
    places = list(times_in(event))
    for path in places:
        try:
            yield put(event, path, at)
        except ValueError:
            continue
    moved = event
    try:
        for path in places:
            moved = put(moved, path, at)
    except ValueError:
        return
    yield moved


@pytest.mark.parametrize("at", ENDS.values(), ids=ENDS)
def test_api_480_no_act_with_a_time_at_an_end_is_a_fault_of_ours(at: datetime) -> None:
    """`World.give` asserts that no node degrades; what follows is looked at in every view."""
    world = World()
    world.settle(ALPHA, roz("z-1", BRAVO))
    world.sees(ALPHA, 100.0)
    for kind in ACTS:
        for event in variants(EXAMPLES[kind], at):
            world.act(ALPHA, event)
            world.deliver()
    looked_at(world)


@pytest.mark.parametrize(("start", "end"), [(FIRST, LAST), (FIRST, START), (START, LAST)])
def test_api_480_windows_that_reach_the_ends_are_computed_on(
    start: datetime, end: datetime
) -> None:
    """Filed, tested against tracks and each other, shown, and checked as a plan."""
    world = World()
    for party, event in ((BRAVO, roz("z-1", ALPHA)), (ALPHA, flight("a-1"))):
        filed = event
        for path in [one for one in times_in(event) if one[-1] in ("start", "end")]:
            filed = put(filed, path, start if path[-1] == "start" else end)
        world.settle(party, filed)
    world.sees(ALPHA, 100.0)
    world.sees(ALPHA, 90.0)
    world.pass_time(60.0)
    looked_at(world)
    plan = world.state(ALPHA).journal.notices[NoticeId("a-1")].latest.event.content
    assert isinstance(plan, Activity)
    for now in (START, FIRST, LAST):
        with suppress(CallerError, ValueError):  # longer than a plan may last
            checked(world.state(ALPHA), PlanFile(party=ALPHA, at=now, plan=plan), START)


@pytest.mark.parametrize("at", [FIRST, LAST])
def test_api_480_a_protocol_that_starts_at_an_end_refuses_and_goes_on(at: datetime) -> None:
    """Twenty years before the first such protocol is a day that there is."""

    def starting(protocol: Protocol) -> Protocol:
        return replace(protocol, starts=at, ends=None)

    world = World(changed=starting)
    for kind in (PaperFiled, VoiceLogged):
        for event in variants(EXAMPLES[kind], FIRST):
            world.act(ALPHA, event)
    looked_at(world)


def test_api_480_a_time_that_another_party_signed_can_be_recorded_on() -> None:
    """Its clock says the year 9999: what our node makes of that must fit signed data."""
    latest = from_us(AT_MS_MAX * 1_000)
    line = LineKey(party=BRAVO, role=RoleId("duty"))
    sample = LineSample(
        line=line, occasion=Occasion.CALL, placed_at=START, received_at=latest, answered_at=latest
    )
    said = decode("line_sample", encode(sample, None))
    assert said.body == sample


def looked_at(world: World) -> None:
    """Every view at both parties, now and at the ends."""
    for party in (ALPHA, BRAVO):
        world.tick(party)
        for now in (world.now, FIRST, LAST):
            to_plain(screen(world.state(party), now))
            moment = held.Moment(state=world.state(party), at=now, arrivals=1)
            for name in VIEWED:
                list(VIEWS[name](to_plain(getattr(held, name)(moment))))
