"""What the next watch is told of: everything that changed how things stand, from the record."""

from dataclasses import replace
from typing import Any

import pytest
from api_desk import READER, Desk, person
from node_pair import ALPHA, BRAVO, DUTY, World, call, received, roz, seen
from release_values import own_track, share
from test_api_views import check
from test_api_views import published as published
from test_mechanism_voice import logged

from crosstell.codecs.api.shown import EntryShown
from crosstell.codecs.entry_body import kind_of
from crosstell.codecs.shape import tag_of
from crosstell.core.ids import RuleId
from crosstell.core.instant import format_instant, later
from crosstell.core.line.content import FreeText, Radio
from crosstell.core.line.message import CallKind, Reality
from crosstell.core.line.watch.broadcast import BroadcastId, BroadcastSent
from crosstell.core.line.watch.relief import WatchTaken
from crosstell.core.line.watch.voice import VoiceLogCorrected
from crosstell.core.mechanism.after.changed import ALIKE, STAGES, is_told
from crosstell.core.picture.party import Scope
from crosstell.core.picture.releasing.share import ShareId, ShareRevoked
from crosstell.core.picture.roles import RoleDeclared, RoleWithdrawn
from crosstell.core.protocol.adherence import ProtocolResumed, ProtocolSuspended, UsedInPractice
from crosstell.core.protocol.understanding import UnderstandingStated, UnderstandingWithdrawn
from crosstell.core.state.events import EVENTS
from crosstell.core.state.setting import Setting
from crosstell.shell.api.views import entries as of_entries
from crosstell.shell.api.views import history
from crosstell.shell.rebuild import Void
from crosstell.shell.store.contract import StoredEntry

OF_THE_WATCH = (  # every kind that a relief tells, beside those of notices, calls and alerts
    "protocol_suspended",
    "protocol_resumed",
    "used_in_practice",
    "understanding_stated",
    "understanding_withdrawn",
    "role_declared",
    "role_withdrawn",
    "share_granted",
    "share_revoked",
    "broadcast_sent",
    "voice_logged",
    "voice_log_corrected",
)


def told(world: World, since: str, *, party: Any = ALPHA) -> dict[str, Any]:  # noqa: ANN401
    desk = Desk(world=world, party=party, signed=False)
    desk.clock.at = later(world.now, by_s=1.0)
    with desk.running() as client:
        found = person(client, READER).get("/changed", params={"since": since})
    assert found.status_code == 200, found.text
    answer: dict[str, Any] = found.json()
    return answer


def kinds(answer: dict[str, Any]) -> list[str]:
    return [one["kind"] for one in answer["entries"]]


def watched() -> tuple[World, str]:
    """A watch during which one of each was done; and when it began."""
    world = World()
    world.sign()
    own_track(world)
    world.settle(ALPHA, roz("roz-0", BRAVO))
    world.wait(60.0)
    since = format_instant(world.now)
    world.settle(ALPHA, WatchTaken(role=DUTY, watch="1"))
    digest = world.parties[ALPHA].setting.digest
    rule = RuleId(world.parties[ALPHA].setting.protocol.rules[0].id)
    log = logged(world, begun_s=-30.0, ended_s=-5.0, timed=None)
    radio = Radio(frequency_hz=121_500_000)
    sent = BroadcastSent(
        broadcast=BroadcastId("b-1"),
        reality=Reality.EXERCISE,
        radio=radio,
        addressed="any aircraft",
        text=FreeText(language="en", text="keep clear"),
        sent_at=(world.now,),
    )
    for body in (
        ProtocolSuspended(protocol=digest, text="after the strike"),
        ProtocolResumed(protocol=digest, text="after the call"),
        UsedInPractice(protocol=digest, text="as before"),
        UnderstandingStated(protocol=digest, rule=rule, text="so we read it"),
        UnderstandingWithdrawn(protocol=digest, rule=rule),
        RoleDeclared(role=DUTY, title="duty officer", scope=Scope()),
        RoleWithdrawn(role=DUTY, reason="no longer manned"),
        share(),
        ShareRevoked(share=ShareId("sh-1"), reason="landed"),
        sent,
        log,
        VoiceLogCorrected(
            log=log.log,
            account=replace(log.account, language="tr"),
            reason=FreeText(language="en", text="so"),
        ),
    ):
        world.wait(2.0)
        world.settle(ALPHA, body)
    return world, since


def test_con_550_the_next_watch_is_told_every_kind_of_change(published: dict[str, Any]) -> None:
    """The protocol's standing, readings, roles, shares, broadcasts and voice logs among them."""
    world, since = watched()
    answer = told(world, since)
    found = kinds(answer)
    assert sorted(set(OF_THE_WATCH) - set(found)) == []
    assert [one for one in found if one in OF_THE_WATCH] == list(reversed(OF_THE_WATCH))
    assert "notice_filed" not in found, "it was filed before"
    assert "more_before" not in answer
    assert "/changed" in str(sorted(published["paths"]))


def test_con_550_what_leaves_everything_as_it_was_is_not_told() -> None:
    world, since = watched()
    for number in range(3):
        world.observe(ALPHA, seen(world.now, 59_000.0 - number, track="t1"))
        world.wait(5.0)
    world.settle(ALPHA, call("c-test", kind=CallKind.TEST))
    world.settle(ALPHA, call("c-1"))
    world.settle(BRAVO, received("c-1"))
    found = kinds(told(world, since))
    untold = {tag_of(one) for one in (*ALIKE, *STAGES)}
    assert not untold & set(found)
    assert found.count("call_placed") == 1
    decided = {one for one in EVENTS if one not in (*ALIKE, *STAGES)}
    assert len(decided) + len(ALIKE) + len(STAGES) == len(EVENTS)
    assert is_told(call("c-1"))
    assert kind_of(call("c-1")) == "call_placed"


def test_con_551_what_came_late_counts_from_when_it_came() -> None:
    world = World()
    world.sign()
    world.down |= {(BRAVO, ALPHA), (ALPHA, BRAVO)}
    world.settle(BRAVO, roz("roz-late", ALPHA))
    world.wait(600.0)
    since = format_instant(world.now)
    world.settle(ALPHA, WatchTaken(role=DUTY, watch="1"))
    world.down.clear()
    world.wait(60.0)
    world.tick(ALPHA, BRAVO)
    world.deliver()
    world.settle(BRAVO, roz("roz-now", ALPHA))
    found = told(world, since)["entries"]
    late = [one["body"]["notice_filed"]["notice"] for one in found if one["kind"] == "notice_filed"]
    assert late == ["roz-now", "roz-late"]


def test_con_551_what_is_not_listed_is_said_to_be_more(
    monkeypatch: pytest.MonkeyPatch, published: dict[str, Any]
) -> None:
    world, since = watched()
    monkeypatch.setattr(history, "PAGE", 3)
    assert sorted(set(OF_THE_WATCH) - set(kinds(told(world, since)))) == []
    monkeypatch.setattr(history, "LISTED_MAX", 4)
    answer = told(world, since)
    assert [one["entry_at"] for one in answer["entries"]][3:] == [answer["more_before"]]
    monkeypatch.setattr(history, "PAGES_MAX", 1)
    assert "more_before" in told(world, since)
    desk = Desk(world=world, signed=False)
    desk.clock.at = later(world.now, by_s=1.0)
    with desk.running() as client:
        rita = person(client, READER)
        check(published, "/changed", "get", rita.get("/changed", params={"since": since}))
        assert rita.get("/changed", params={"since": "yesterday"}).status_code == 400


def test_con_587_what_is_never_told_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    world, since = watched()
    world.observe(ALPHA, seen(world.now, 59_000.0, track="t1"))
    decoded: list[str] = []
    entry = of_entries.entry

    def noting(setting: Setting, arrival: int | None, row: StoredEntry, void: Void) -> EntryShown:
        one = entry(setting, arrival, row, void)
        decoded.append(one.kind)
        return one

    monkeypatch.setattr(of_entries, "entry", noting)
    found = kinds(told(world, since))
    assert set(found) <= set(decoded)
    assert not {tag_of(one) for one in (*ALIKE, *STAGES)} & set(decoded)
