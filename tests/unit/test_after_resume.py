"""A party went on in a new feed: what it is told, what is signed again, what a report tells."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from carried_sites import (
    PROTOCOL,
    Sites,
    act,
    carry,
    done,
    heard,
    refused,
    resumed,
    state_of,
)
from carried_sites import sites as sites
from node_pair import ALPHA, BRAVO, call, roz
from people_values import DUTY

from crosstell.codecs import parcel as parcels
from crosstell.core.errors import Duplicate
from crosstell.core.ids import PartyId
from crosstell.core.mechanism.inputs import Act, Tick
from crosstell.core.picture.party import Speaker
from crosstell.core.protocol.adherence import AdherenceState, ProtocolSigned
from crosstell.core.protocol.standing import in_force_since
from crosstell.shell.clock import SystemClock
from crosstell.shell.config.card import read_card
from crosstell.shell.config.installing import CARD
from crosstell.shell.config.node_file import read_installation
from crosstell.shell.live.opening import open_node
from crosstell.shell.peers.split.guard import Guard, Held


def test_what_was_said_before_a_resume_still_goes_to_that_party(sites: Sites) -> None:
    """KEY-037, SPLIT-017: on the line, by file and through both guards; and to nobody else."""
    new = resumed(sites)
    act(sites[BRAVO], roz("roz-late", ALPHA), roz("roz-home"))  # said to the feed of before
    heard(new, sites[BRAVO])
    sites = {**sites, ALPHA: new}
    carry(sites, BRAVO, ALPHA, name="late")
    assert set(state_of(new).feeds[BRAVO].notices) == {"roz-b", "roz-late"}
    for party, other, name in ((BRAVO, ALPHA, "whole"), (ALPHA, BRAVO, "back")):
        done("node", "write-file", sites[party], other, "--out", new.parent / name, "--whole")
        done("node", "take-file", sites[other], new.parent / name)
    opened = open_node(read_installation(sites[BRAVO]))
    setting, node = opened.setting, opened.node
    feeds, former = ({f: p for p, f in of} for of in (setting.feeds, setting.former))
    assert list(former.values()) == [ALPHA]
    guard = Guard(own=setting.feed, feeds=feeds, former=former)
    peer = node.rebuilt.exchange.peers[dict(setting.feeds)[ALPHA]]
    peer.heard([(setting.feed, 0)], owed=True)  # it has nothing of ours: all goes again
    (message,) = node.handle(Tick(), SystemClock().now()).messages
    guard.check(ALPHA, message.body)
    said = [row.body for row in parcels.decode(message.body).rows if row.body is not None]
    assert any(b"roz-late" in body for body in said)
    assert not any(b"roz-home" in body for body in said)
    with pytest.raises(Held, match="not of this protocol"):
        Guard(own=setting.feed, feeds=feeds).check(ALPHA, message.body)
    elsewhere = {feed: PartyId("charlie") for feed in former}
    with pytest.raises(Held, match="not for them"):
        Guard(own=setting.feed, feeds=feeds, former=elsewhere).check(ALPHA, message.body)
    opened.store.close()


def test_the_protocol_is_signed_again_towards_a_new_feed(sites: Sites) -> None:
    """PRO-057: the drill of docs/operations.md; then it is in force again between them."""
    opened = open_node(read_installation(sites[ALPHA]))
    signed = ProtocolSigned(protocol=opened.setting.digest)
    opened.store.close()
    for party, other in ((ALPHA, BRAVO), (BRAVO, ALPHA)):
        act(sites[party], signed)
        carry(sites, party, other, name=f"signed-{party}")
    opened = open_node(read_installation(sites[BRAVO]))
    asked = Act(by=Speaker(party=BRAVO, role=DUTY, watch="1"), body=signed)
    once = opened.node.handle(asked, SystemClock().now())
    opened.store.close()
    assert isinstance(once.no, Duplicate), "nobody goes on in a new feed: once is enough"
    new = resumed(sites)
    heard(new, sites[BRAVO])
    sites = {**sites, ALPHA: new}
    act(new, signed)
    act(sites[BRAVO], signed)
    carry(sites, ALPHA, BRAVO, name="again-alpha")
    carry(sites, BRAVO, ALPHA, name="again-bravo")
    for folder in sites.values():
        state = state_of(folder)
        said = [feed.adherence[signed.protocol] for feed in state.feeds.values()]
        assert all(one.state is AdherenceState.SIGNED for one in said)
        assert in_force_since(state.setting.protocol, *said) is not None
    first = state_of(sites[BRAVO]).own.adherence[signed.protocol].signed
    assert first is not None
    assert first.ref.seq < 3, "what was signed first stands; the second is for the new feed"


def test_rep_098_a_record_with_a_resumed_feed_is_read(sites: Sites, tmp_path: Path) -> None:
    """Also ARC-025, REL-060: one party in both feeds; which it stands by is said."""
    call_of = replace(call("c-1"), to_party=ALPHA)
    act(sites[BRAVO], call_of)
    opened = open_node(read_installation(sites[ALPHA]))
    signed = ProtocolSigned(protocol=opened.setting.digest)
    opened.store.close()
    act(sites[ALPHA], signed)
    new = resumed(sites)
    before = read_card(sites[ALPHA] / CARD).feed
    heard(new, sites[BRAVO])
    act(new, roz("roz-again", BRAVO), signed)
    act(sites[BRAVO], roz("roz-c", ALPHA))
    carry({**sites, ALPHA: new}, ALPHA, BRAVO, name="again")
    held = json.loads(done("record", "holdings", sites[BRAVO], "--json"))
    at = {one["item"]: one for one in held}["call c-1"]
    assert at["party"] == ALPHA
    assert at["held_by"] is not None, "by what alpha signed in its old feed"
    out = tmp_path / "export"
    done(
        *("record", "export", "--store", sites[BRAVO] / "record.store", "--out", out),
        *("--keys", sites[BRAVO] / "keys", "--bodies", "held"),
    )
    assert f"resumes feed {before}" in " ".join(done("record", "verify", out).split())
    for source in (sites[BRAVO] / "record.store", out, new / "record.store"):
        told = done("incident", "report", source, "--protocol", PROTOCOL)
        said = " ".join(told.split())
        assert f"party alpha goes on in feed {read_card(new / CARD).feed} since" in said
        assert f"entries of feed {before}" in said
        assert "roz-again" in said
        if source != new / "record.store":
            assert "Zone roz-1 (alpha)" in said, "what it said before is told as its own"
            assert "At the node -" not in said, "by what alpha signed in its old feed"
        turkish = done("incident", "report", source, "--protocol", PROTOCOL, "--lang", "tr")
        assert "akışında devam ediyor ve" in " ".join(turkish.split())
        done("incident", "agenda", source, "--protocol", PROTOCOL)


def test_what_is_void_is_told_by_no_report(sites: Sites) -> None:
    """REP-098: a thief's words are not a party's."""
    act(sites[ALPHA], roz("roz-1", BRAVO))
    stolen = state_of(sites[ALPHA]).own.size
    act(sites[ALPHA], roz("roz-thief", BRAVO))
    root = sites[ALPHA] / "offline-root"
    done("node", "revoke", sites[ALPHA], "--root", root, "--yes", "--from", stolen)
    told = done("incident", "report", sites[ALPHA] / "record.store", "--protocol", PROTOCOL)
    assert "roz-1" in told
    assert "roz-thief" not in told
    assert f"entries {stolen} to {stolen} are void" in " ".join(told.split())


def test_where_the_marks_are_lost_a_whole_store_is_resumed(sites: Sites, tmp_path: Path) -> None:
    """KEY-034: nothing else is left, and the message names the command that is."""
    act(sites[ALPHA], roz("roz-1", BRAVO))
    carry(sites, ALPHA, BRAVO, name="one")
    (sites[ALPHA] / "marks" / "signed.high-water").unlink()
    assert "crosstell node resume" in refused("node", "rotate", sites[ALPHA])
    shutil.rmtree(sites[ALPHA] / "marks")
    assert "never an old copy" in refused("node", "rotate", sites[ALPHA])
    root, new = sites[ALPHA] / "offline-root", tmp_path / "again"
    done("node", "resume", sites[ALPHA], "--root", root, "--out", new)
    heard(new, sites[BRAVO])
    act(new, roz("roz-2", BRAVO))
    carry({**sites, ALPHA: new}, ALPHA, BRAVO, name="two")
    assert set(state_of(sites[BRAVO]).feeds[ALPHA].notices) == {"roz-2"}
