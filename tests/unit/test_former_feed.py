"""What of a feed that its party left stands in no picture: said until it is asked about."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import jsonschema_rs
import pytest
from carried_sites import Sites, act, carry, done, heard, resumed, state_of
from carried_sites import sites as sites
from node_pair import ALPHA, BRAVO, CHARLIE, START, World, call, named, roz
from test_mechanism_pairs import flight
from test_mechanism_voice import logged

from crosstell.cli.operate.telling import notices, plan, queue, status
from crosstell.codecs.api.shown import NodeShown
from crosstell.codecs.plain import to_plain
from crosstell.codecs.plan_file import PlanFile
from crosstell.core.errors import CallerError
from crosstell.core.ids import CallId, EntryRef, FeedId, NoticeId, PartyId
from crosstell.core.instant import format_instant
from crosstell.core.line.acknowledgement import CallReceived
from crosstell.core.line.content import FreeText
from crosstell.core.line.message import CallClosed, CallKind, Closing
from crosstell.core.line.watch.voice import VoiceLogCorrected, VoiceLogged
from crosstell.core.mechanism.screen.former import former_alarms, missing_of_former
from crosstell.core.mechanism.screen.queue import ItemKind, Part
from crosstell.core.mechanism.screen.screen import screen
from crosstell.core.picture.content import Activity, volumes_of
from crosstell.core.picture.former import Former, FormerNotice
from crosstell.core.picture.notice import Filed, NoticeFiled, NoticeWithdrawn
from crosstell.core.state.state import State
from crosstell.core.table import Stamp
from crosstell.shell.api.views import held as held_views
from crosstell.shell.api.views import status as views
from crosstell.shell.api.views.held import Moment
from crosstell.shell.api.views.plan import checked as checked_plan
from crosstell.shell.config.card import read_card
from crosstell.shell.config.installing import CARD
from crosstell.shell.config.left import forget_left
from crosstell.shell.config.node_file import read_installation
from crosstell.shell.config.resumed import PROOF
from crosstell.shell.live.opening import open_node

OLD = FeedId("0d" * 16)
SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "schemas" / "screen.json"


def spoken(with_whom: PartyId, about: FeedId | None = OLD) -> VoiceLogged:
    told = logged(World(), begun_s=-300.0, ended_s=-200.0, timed=None)
    account = replace(told.account, counterpart=with_whom, about_feed=about)
    return replace(told, account=account)


def following(world: World, **left: object) -> State:
    """Alpha follows what bravo resumed; two notices and a call of before stood open."""
    state = world.state(ALPHA)
    former = Former(
        party=BRAVO,
        feed=OLD,
        ours=state.setting.feed,
        said=state.own.size,
        notices=(
            FormerNotice(notice=NoticeId("z-1"), ends=START + timedelta(hours=5)),
            FormerNotice(notice=NoticeId("z-2")),
        ),
        placed=(CallId("c-9"),),
    )
    return with_left(state, replace(former, **left))  # type: ignore[arg-type]


def with_left(state: State, *left: Former) -> State:
    return replace(state, setting=replace(state.setting, left=left))


def shown_status(state: State, at: datetime) -> NodeShown:
    found = views.Inside(
        checkpoints=(), said_to_hold=(), alarms=("an alarm",), record_alarms=0, fault=None, last=1
    )
    around = views.Around(version="1", clock="", clock_fault=None, streams=0, running=None)
    return views.status(Moment(state=state, at=at, arrivals=1), found, around)


def test_a_feed_that_was_left_is_an_alarm_of_the_record_until_it_is_asked_about() -> None:
    """NOD-470: in the status, the queue and their commands; then it is watched."""
    world = World()
    world.settle(ALPHA, replace(spoken(BRAVO), log="v-0"))  # type: ignore[arg-type]
    state = following(world)
    told = shown_status(state, START)
    (alarm,) = told.alarms[: told.record_alarms]
    assert alarm.startswith(
        "bravo went on in a new feed: 2 notices that had not ended and 1 open calls"
    )
    assert "warns of none of them" in alarm
    assert "Ask bravo by telephone what still holds" in alarm
    assert any(f"ALARM of the record: {alarm}" in line for line in status(to_plain(told)))
    document = screen(state, START)
    (item,) = [one for one in document.queue if one.kind is ItemKind.FORMER_FEED]
    assert (item.part, item.party, item.why.code) == (
        Part.NEEDS_YOU,
        BRAVO,
        "queue.former-feed",
    )
    (said,) = [one for one in queue(to_plain(document)) if "former-feed bravo" in one]
    assert "2 notices that had not ended and 1 open calls stand in no picture here" in said
    left = state.setting.left
    world.settle(ALPHA, call("c-1"))
    assert former_alarms(with_left(world.state(ALPHA), *left), START), "a call by node is no answer"
    world.settle(ALPHA, spoken(BRAVO))
    state = with_left(world.state(ALPHA), *left)
    assert former_alarms(state, START) == ()
    (item,) = [one for one in screen(state, START).queue if one.kind is ItemKind.FORMER_FEED]
    assert (item.part, item.why.code) == (Part.MONITORING, "queue.former-feed-spoken")


def test_it_is_over_as_each_notice_ends_or_is_filed_anew() -> None:
    """NOD-470, NOD-491: by its id or at its very place, whatever else the party files."""
    world = World()
    late, left = START + timedelta(hours=5), following(world).setting.left
    state = following(world, placed=())
    assert len(next(missing_of_former(state, late)).notices) == 1
    assert list(missing_of_former(following(world, placed=(), notices=()), START)) == []
    away = former_notice(replace(roz("z-3"), content=roz(radius_m=9e3).content))
    unnamed = FormerNotice(notice=NoticeId("z-1"), ends=late)
    told = replace(left[0], placed=(), notices=(unnamed, away))
    for name in ("z-1", "z-8", "z-9"):
        world.settle(BRAVO, roz(name, ALPHA))
    (one,) = missing_of_former(with_left(world.state(ALPHA), told), START)
    assert ([notice.notice for notice in one.notices], one.filed) == (["z-3"], 1)
    assert former_alarms(with_left(world.state(ALPHA), told), START), "what overlaps is another"
    world.settle(BRAVO, roz("z-7", ALPHA, radius_m=9e3, hours=9.0))
    state = with_left(world.state(ALPHA), told)
    assert list(missing_of_former(state, START)) == []
    world.settle(BRAVO, NoticeWithdrawn(notice=NoticeId("z-7"), version=1, reason="over"))
    assert list(missing_of_former(with_left(world.state(ALPHA), told), START)) == []
    assert former_alarms(with_left(state, *left), START), "its call was open"


def former_notice(event: NoticeFiled) -> FormerNotice:
    stamp = Stamp(ref=EntryRef(feed=OLD, seq=7, hash="ab" * 32), at=START)
    (volume,) = volumes_of(event.content)
    return FormerNotice(
        notice=event.notice, ends=volume.window.end, filed=Filed(event=event, stamp=stamp)
    )


def test_what_a_party_left_is_shown_as_last_known_and_never_as_standing() -> None:
    """NOD-490, NOD-493: in the screen, the list and a plan's check; in no test, bar or status."""
    world = World()
    near = former_notice(roz("z-3", ALPHA))
    state = following(world, notices=(near, FormerNotice(notice=NoticeId("z-2"))))
    document = screen(state, START)
    known, placed = document.former
    assert (known.notice, known.content, known.starts) == ("z-2", None, None)
    assert (placed.party, placed.feed, placed.notice) == (BRAVO, OLD, "z-3")
    assert (placed.kind, placed.ends, placed.filed_at) == ("zone", near.ends, START)
    assert (document.notices, document.bar, document.alerts) == ((), (), ())
    plain = to_plain(document)
    jsonschema_rs.validate(json.loads(SCHEMA.read_text()), plain)
    moment = Moment(state=state, at=START, arrivals=1)
    lines = list(notices(to_plain(held_views.notices(moment))))
    assert lines[1] == (
        f"bravo/z-3  LAST KNOWN, from the former feed {OLD}, not standing: zone, until "
        f"{format_instant(near.ends or START)}"
    )
    content = flight("a-1").content
    assert isinstance(content, Activity)
    planned = PlanFile(party=ALPHA, at=START, plan=content)
    checked = checked_plan(state, planned, START)
    assert (checked.obstacles, checked.former_untested) == (0, ("bravo/z-2", "bravo/z-3"))
    assert any("a party left the feed" in line for line in plan(to_plain(checked)))
    assert [one.notice for one in screen(state, near.ends or START).former] == ["z-2"]


def test_only_a_call_about_it_ends_the_alarm() -> None:
    """NOD-494: the log names the feed, at once or by a correction; without a place it is over."""
    world = World()
    state = following(world, placed=())
    world.settle(ALPHA, spoken(BRAVO, about=None))
    left = state.setting.left
    assert former_alarms(with_left(world.state(ALPHA), *left), START), "about something else"
    world.settle(ALPHA, replace(spoken(BRAVO, about=FeedId("5e" * 16)), log="v-2"))  # type: ignore[arg-type]
    state = with_left(world.state(ALPHA), *left)
    assert former_alarms(state, START), "about another feed"
    (item,) = [one for one in screen(state, START).queue if one.kind is ItemKind.FORMER_FEED]
    assert (item.feed, item.ask) == (OLD, (BRAVO,))
    account = spoken(BRAVO).account
    reason = FreeText(text="it was about the feed", language="en")
    log = spoken(BRAVO).log
    world.settle(ALPHA, VoiceLogCorrected(log=log, account=account, reason=reason))
    state = with_left(world.state(ALPHA), *left)
    assert former_alarms(state, START) == ()
    (one,) = missing_of_former(state, START)
    assert ([notice.notice for notice in one.notices], one.ask) == (["z-1"], ())


def test_our_calls_that_it_had_taken_up_count_while_they_are_open() -> None:
    """NOD-470: they show as not received, and what was answered is shown nowhere."""
    world = World()
    world.settle(ALPHA, call("c-1"))
    placed = world.state(ALPHA).own.calls[CallId("c-1")].placed_stamp.ref
    left = following(world, notices=(), placed=(), taken=(placed.seq, 900)).setting.left
    (one,) = missing_of_former(with_left(world.state(ALPHA), *left), START)
    assert (one.notices, one.calls) == ((), 1)
    world.settle(ALPHA, CallClosed(call=CallId("c-1"), closing=Closing.WITHOUT_SUMMARY))
    assert list(missing_of_former(with_left(world.state(ALPHA), *left), START)) == []


def test_the_party_that_resumed_is_told_until_it_has_told_every_other() -> None:
    """NOD-471: of its own, kept at home or released."""
    world = World(names=(ALPHA, BRAVO, CHARLIE))
    state = world.state(ALPHA)
    own = Former(
        party=ALPHA,
        feed=OLD,
        ours=state.setting.feed,
        said=0,
        notices=(FormerNotice(notice=NoticeId("z-1"), ends=START + timedelta(hours=5)),),
    )
    (alarm,) = former_alarms(with_left(state, own), START)
    assert alarm.startswith(f"our former feed {OLD}: 1 notices")
    assert "File again what still holds, tell the others by telephone" in alarm
    (item,) = [
        one
        for one in screen(with_left(state, own), START).queue
        if one.kind is ItemKind.FORMER_FEED
    ]
    assert (item.part, item.why.code) == (Part.NEEDS_YOU, "queue.former-feed-own")
    world.settle(ALPHA, spoken(BRAVO))
    assert former_alarms(with_left(world.state(ALPHA), own), START)
    world.settle(ALPHA, replace(spoken(CHARLIE), log="v-2"))  # type: ignore[arg-type]
    assert former_alarms(with_left(world.state(ALPHA), own), START) == ()
    world.settle(ALPHA, roz("z-1"))  # at home
    assert list(missing_of_former(with_left(world.state(ALPHA), own), START)) == []


def test_a_test_of_the_line_and_a_log_of_before_are_no_asking() -> None:
    """NOD-470: and where we went on in a new feed ourselves, every log in it is since."""
    world = World()
    log = spoken(BRAVO)
    world.settle(ALPHA, log)
    state = following(world)
    assert former_alarms(state, START)
    assert former_alarms(following(world, ours=FeedId("5e" * 16)), START) == ()
    test = replace(log.account, kind=CallKind.TEST, message=None)
    world.settle(ALPHA, VoiceLogged(log="v-2", account=test))  # type: ignore[arg-type]
    assert former_alarms(with_left(world.state(ALPHA), *state.setting.left), START)


def test_what_was_left_is_read_from_the_record_as_the_feed_is_followed(sites: Sites) -> None:
    """NOD-474, NOD-470, NOD-471: by the commands, at both parties, through every start."""
    act(sites[ALPHA], roz("roz-away", BRAVO), roz("roz-home"))
    act(sites[ALPHA], NoticeWithdrawn(notice=NoticeId("roz-away"), version=1, reason="over"))
    act(sites[ALPHA], replace(call("c-open"), call=CallId("c-open")))
    act(sites[BRAVO], replace(call("c-1"), to_party=ALPHA), replace(call("c-2"), to_party=ALPHA))
    carry(sites, BRAVO, ALPHA, name="calls")
    act(sites[ALPHA], CallReceived(call=named("c-1", BRAVO)))
    before = read_card(sites[ALPHA] / CARD).feed
    new = resumed(sites)
    heard(new, sites[BRAVO])
    theirs, ours = state_of(sites[BRAVO]), state_of(new)
    (left,) = theirs.setting.left
    assert (left.party, left.feed, left.ours) == (ALPHA, before, theirs.setting.feed)
    assert [one.notice for one in left.notices] == ["roz-1"]
    assert left.placed == ("c-open",)
    assert left.taken == (theirs.own.calls[CallId("c-1")].placed_stamp.ref.seq,)
    assert left.said == theirs.own.size
    (one,) = missing_of_former(theirs, START)
    assert (len(one.notices), one.calls, one.filed, one.ask) == (1, 2, 0, (ALPHA,))
    (shown,) = screen(theirs, START).former
    assert (shown.notice, shown.kind, shown.feed) == ("roz-1", "zone", before)
    (own,) = ours.setting.left
    assert sorted(one.notice for one in own.notices) == ["roz-1", "roz-home"]
    assert own.ours == ours.setting.feed != before
    assert former_alarms(ours, START)
    act(sites[BRAVO], spoken(ALPHA, before))
    assert former_alarms(state_of(sites[BRAVO]), START) == ()
    act(new, spoken(BRAVO, before))
    assert former_alarms(state_of(new), START) == ()


def test_a_file_of_what_was_left_that_is_damaged_is_told(sites: Sites) -> None:
    """NOD-474: with what to do; no start is silent about it."""
    new = resumed(sites)
    words = ("node", "party", sites[BRAVO], new / CARD, "--heard", read_card(new / CARD).spoken)
    said = " ".join(done(*words, "--resumed", new / PROOF).split())
    assert "1 notices that were not withdrawn" in said
    assert "an alarm stands until you did" in said
    (path,) = Path(sites[BRAVO] / "left").glob("alpha.left.*")
    whole = path.read_text()
    path.write_text(whole[:-5])
    with pytest.raises(CallerError, match="restore it from the newest copy"):
        open_node(read_installation(sites[BRAVO]))
    told = json.loads(whole) | {"notices": [["roz-1", None]]}
    (sites[BRAVO] / "parties" / path.name).write_text(json.dumps(told))
    path.unlink()
    (left,) = state_of(sites[BRAVO]).setting.left  # as files were before
    assert left.notices == (FormerNotice(notice=NoticeId("roz-1")),)
    (sites[BRAVO] / "parties" / path.name).unlink()
    assert state_of(sites[BRAVO]).setting.left == ()


def test_nothing_of_our_own_former_feed_is_among_the_cards(sites: Sites) -> None:
    """NOD-492: that folder goes to the exchange side; and an erasure reaches the file."""
    act(sites[ALPHA], roz("roz-home"))
    new = resumed(sites)
    heard(new, sites[BRAVO])
    assert all(b"roz-" not in path.read_bytes() for path in (new / "parties").iterdir())
    (path,) = (new / "left").iterdir()
    assert b"keep out" in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    (own,) = state_of(new).setting.left
    filed = [one.filed for one in own.notices if one.filed is not None]
    assert sorted(one.event.notice for one in filed) == ["roz-1", "roz-home"]
    for one in filed:
        forget_left(new / "left", one.stamp.ref.feed, one.stamp.ref.seq)
    assert b"keep out" not in path.read_bytes()
    (own,) = state_of(new).setting.left
    assert [one.filed for one in own.notices] == [None, None]


def test_a_former_feed_is_no_figure_below_nothing() -> None:
    """NOD-474: a value is checked where it is made."""
    with pytest.raises(ValueError, match="0 or more"):
        Former(party=ALPHA, feed=OLD, ours=OLD, said=-1)
