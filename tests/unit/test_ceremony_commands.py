"""The ceremonies by their commands, between two sites that carry files to each other."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
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
    run,
    state_of,
)
from carried_sites import sites as sites
from hypothesis import given
from hypothesis import strategies as st
from node_pair import ALPHA, BRAVO, roz
from people_values import DUTY

from crosstell.cli.keeping import cards, ceremonies
from crosstell.core.errors import CallerError, PartyError
from crosstell.core.ids import FeedId
from crosstell.core.line.message import Reality
from crosstell.shell.archive.far import Tell
from crosstell.shell.clock import SystemClock
from crosstell.shell.config.card import read_card
from crosstell.shell.config.certificate import read_certificate
from crosstell.shell.config.installing import CARD, Wanted, install
from crosstell.shell.config.node_file import read_installation
from crosstell.shell.config.resumed import PROOF, read_proof
from crosstell.shell.keys import COSIGNING, ONLINE, KeyFolder
from crosstell.shell.live.opening import open_node
from crosstell.shell.log import Log
from crosstell.shell.signing import verifier_of
from crosstell.shell.store.names import OWN_FEED


def feed_of(folder: Path) -> str:
    opened = open_node(read_installation(folder))
    name = opened.store.blob(OWN_FEED)
    opened.store.close()
    assert name is not None
    return name.decode()


def test_a_rotation_by_its_command_is_followed(sites: Sites) -> None:
    """KEY-030: the other party takes what the new key signs; a running node is not touched."""
    keys = KeyFolder(path=sites[ALPHA] / "keys")
    old = keys.load(ONLINE).public_key()
    opened = open_node(read_installation(sites[ALPHA]))
    assert "another process writes to this store" in refused("node", "rotate", sites[ALPHA])
    opened.store.close()
    assert keys.load(ONLINE).public_key() == old
    said = json.loads(done("node", "rotate", sites[ALPHA], "--json"))
    assert [one["seq"] for one in said["recorded"]] == [1, 1]
    assert keys.names() == (COSIGNING, ONLINE)
    assert keys.load(ONLINE).public_key() != old
    act(sites[ALPHA], roz("roz-1", BRAVO))
    carry(sites, ALPHA, BRAVO, name="one")
    assert set(state_of(sites[BRAVO]).feeds[ALPHA].notices) == {"roz-1"}
    (sites[ALPHA] / "marks").rename(sites[ALPHA] / "elsewhere")
    assert "Mount it" in refused("node", "rotate", sites[ALPHA])
    assert "no node is here" in refused("node", "rotate", sites[ALPHA].parent)


def test_what_is_refused_leaves_no_key_behind(
    sites: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    """KEY-032: under a clock that ran back nothing is signed, and no key waits."""
    act(sites[ALPHA], roz("roz-1", BRAVO))
    early = SystemClock().now().replace(year=2020)
    monkeypatch.setattr(SystemClock, "now", lambda _self: early)
    assert "clock" in refused("node", "rotate", sites[ALPHA])
    assert KeyFolder(path=sites[ALPHA] / "keys").names() == (COSIGNING, ONLINE)


def test_a_revocation_by_its_command_is_followed(sites: Sites, tmp_path: Path) -> None:
    """KEY-031: what a thief signed is void; lost keys are replaced, and nothing is void."""
    root = sites[ALPHA] / "offline-root"
    act(sites[ALPHA], roz("roz-1", BRAVO))
    stolen = state_of(sites[ALPHA]).own.size
    act(sites[ALPHA], roz("roz-thief", BRAVO))
    carry(sites, ALPHA, BRAVO, name="one")
    asked = run("node", "revoke", sites[ALPHA], "--root", root, "--from", stolen, given="n\n")
    assert asked.exit_code == 1
    assert "for good. Go on?" in asked.stderr
    for first, why in (("x", "is no entry number"), ("0", "cannot be"), ("9999", "cannot be")):
        assert why in refused(
            "node", "revoke", sites[ALPHA], "--root", root, "--yes", "--from", first
        )
    wrong = sites[BRAVO] / "offline-root"
    assert "not the one under which" in refused(
        "node", "revoke", sites[ALPHA], "--root", wrong, "--yes", "--from", "1"
    )
    assert "cannot be read" in refused(
        "node", "revoke", sites[ALPHA], "--root", tmp_path, "--yes", "--from", "1"
    )
    words = ("node", "revoke", sites[ALPHA], "--root", root, "--yes", "--from")
    assert f"entries {stolen} to" in done(*words, stolen)
    carry(sites, ALPHA, BRAVO, name="two")
    for name in (ALPHA, BRAVO):
        assert set(state_of(sites[name]).feeds[ALPHA].notices) == {"roz-1"}
    for key in (sites[ALPHA] / "keys").iterdir():
        key.unlink()  # the disk with the keys is lost
    said = json.loads(done(*words, "nothing", "--json"))
    assert said["void"]["from"] == said["void"]["until_before"]
    act(sites[ALPHA], roz("roz-2", BRAVO))
    carry(sites, ALPHA, BRAVO, name="three")
    assert set(state_of(sites[BRAVO]).feeds[ALPHA].notices) == {"roz-1", "roz-2"}


def test_a_new_certificate_comes_with_a_new_card(sites: Sites) -> None:
    """KEY-033: both or neither; the other party takes it by what it heard."""
    place = read_installation(sites[ALPHA])
    before, old_card = read_certificate(place.line_certificate), read_card(sites[ALPHA] / CARD)
    opened = open_node(place)
    assert "another process writes" in refused("node", "certificate", sites[ALPHA])
    opened.store.close()
    assert read_certificate(place.line_certificate) == before
    said = json.loads(done("node", "certificate", sites[ALPHA], "--json"))
    card = read_card(sites[ALPHA] / CARD)
    assert card.certificate == read_certificate(place.line_certificate) != before
    assert replace(card, certificate=before) == old_card
    assert said["fingerprint"] == card.spoken
    assert place.line_key.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in place.line_key.parent.iterdir()) == [
        "certificate.pem",
        "key.pem",
    ]
    words = ("node", "party", sites[BRAVO], sites[ALPHA] / CARD, "--heard")
    assert "not what was heard" in refused(*words, old_card.spoken)
    done(*words, card.spoken)
    place.line_certificate.parent.rename(place.folder / ".line.before")  # cut off here
    done("node", "certificate", sites[ALPHA])
    done("node", "card", sites[ALPHA])
    place.line_certificate.write_bytes(
        read_installation(sites[BRAVO]).line_certificate.read_bytes()
    )
    assert "node certificate" in refused("node", "card", sites[ALPHA])


def test_a_resume_by_its_command_is_followed(sites: Sites) -> None:
    """KEY-034, KEY-035: the new feed is taken once heard; both go on, and old words are kept."""
    new = resumed(sites)
    card = read_card(new / CARD)
    words = ("node", "party", sites[BRAVO], new / CARD, "--heard", card.spoken)
    assert "--resumed" in refused(*words)
    assert "not what was heard" in refused(*words[:-1], "0" * 32, "--resumed", new / PROOF)
    said = json.loads(done(*words, "--resumed", new / PROOF, "--json"))
    assert said["beyond"] == 0
    cards = read_installation(sites[BRAVO]).cards
    assert read_card(cards / "alpha.card") == card
    assert len(list(cards.glob("alpha.card*"))) == 2, "the card before is kept"
    sites = {**sites, ALPHA: new}
    assert set(state_of(new).feeds[BRAVO].notices) == {"roz-b"}, "what others said is known still"
    act(new, roz("roz-again", BRAVO))
    carry(sites, ALPHA, BRAVO, name="four")
    assert set(state_of(sites[BRAVO]).feeds[ALPHA].notices) == {"roz-again"}
    act(sites[BRAVO], roz("roz-c", ALPHA))
    carry(sites, BRAVO, ALPHA, name="five")
    assert set(state_of(new).feeds[BRAVO].notices) == {"roz-b", "roz-c"}
    assert not (new / "offline-root").exists()
    secret = (*(new / "keys").iterdir(), new / "line" / "key.pem", new / "record.store")
    assert all(path.stat().st_mode & 0o077 == 0 for path in secret)


def test_a_node_that_lost_its_journal_goes_on_in_a_new_feed(sites: Sites, tmp_path: Path) -> None:
    """KEY-034: restored from a backup beside its marks it signs nothing; resumed it does."""
    done("node", "backup", sites[ALPHA], "--out", tmp_path / "backup")
    act(sites[ALPHA], roz("roz-1", BRAVO), roz("roz-home"))
    shutil.copyfile(tmp_path / "backup" / "record.store", sites[ALPHA] / "record.store")
    opened = open_node(read_installation(sites[ALPHA]))
    assert not opened.node.may_sign
    opened.store.close()
    assert "were signed" in refused("node", "rotate", sites[ALPHA])
    root, out = sites[ALPHA] / "offline-root", tmp_path / "again"
    done("node", "resume", sites[ALPHA], "--root", root, "--out", out)
    act(out, roz("roz-2", BRAVO))
    done("node", "backup", out, "--out", tmp_path / "another")


def test_run_452_who_resumes_sees_how_far_it_has_come(
    sites: Sites, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through our own entries, which are verified, and the other party's, which are carried."""
    act(sites[ALPHA], roz("roz-1", BRAVO))
    act(sites[BRAVO], roz("roz-b", ALPHA))
    carry(sites, ALPHA, BRAVO, name="one")
    carry(sites, BRAVO, ALPHA, name="two")
    said: list[tuple[int, int]] = []

    @contextmanager
    def noted(_what: str) -> Iterator[Tell]:
        yield lambda done, of: said.append((done, of))

    monkeypatch.setattr(ceremonies, "progress", noted)
    opened = open_node(read_installation(sites[ALPHA]))
    own, theirs = (
        opened.store.size(FeedId(read_card(sites[one] / CARD).feed)) for one in (ALPHA, BRAVO)
    )
    opened.store.close()
    done(
        *("node", "resume", sites[ALPHA], "--root", sites[ALPHA] / "offline-root"),
        *("--out", tmp_path / "again"),
    )
    of = own + theirs
    assert own > 1
    assert theirs > 1
    assert said == [*((one, of) for one in range(1, own + 1)), (of, of)]


def test_what_cannot_resume_leaves_nothing(sites: Sites, tmp_path: Path) -> None:
    """KEY-034: another root, a running node, a folder that is there."""
    out = tmp_path / "new"
    words = ("node", "resume", sites[ALPHA], "--out", out, "--root")
    assert "only the same root" in refused(*words, sites[BRAVO] / "offline-root")
    opened = open_node(read_installation(sites[ALPHA]))
    assert "stop it first" in refused(*words, sites[ALPHA] / "offline-root")
    opened.store.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([ALPHA, BRAVO])
    out.mkdir()
    assert "is there already" in refused(*words, sites[ALPHA] / "offline-root")
    out.rmdir()
    file = (sites[ALPHA] / "node.yaml").read_text()
    (sites[ALPHA] / "node.yaml").write_text(file.replace("keys: keys", f"keys: {tmp_path}/keys"))
    assert "outside the node's folder" in refused(*words, sites[ALPHA] / "offline-root")


def test_run_471_who_follows_a_resumed_party_is_told_what_is_shown_no_more(sites: Sites) -> None:
    """Its old feed's words are in no picture: a person must know before the next start."""
    new = resumed(sites)
    assert set(state_of(sites[BRAVO]).feeds[ALPHA].notices) == {"roz-1"}
    words = ("node", "party", sites[BRAVO], new / CARD, "--heard", read_card(new / CARD).spoken)
    said = done(*words, "--resumed", new / PROOF)
    assert "What alpha said in that feed is in no picture here" in said
    assert "by telephone" in said
    heard = state_of(sites[BRAVO]).feeds.get(ALPHA)
    assert heard is None or not heard.notices


def test_run_480_who_follows_a_resumed_party_sees_how_far_it_has_come(
    sites: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the old feed, every entry of which is verified."""
    new, said = resumed(sites), list[tuple[int, int]]()

    @contextmanager
    def noted(_what: str) -> Iterator[Tell]:
        yield lambda done, of: said.append((done, of))

    monkeypatch.setattr(cards, "progress", noted)
    of = state_of(sites[BRAVO]).feeds[ALPHA].size
    heard(new, sites[BRAVO])
    assert of > 1
    assert said == [(one, of) for one in range(1, of + 1)]


def test_a_resume_that_is_none_is_refused(sites: Sites, tmp_path: Path) -> None:
    """KEY-035: of a feed that is not followed, or with a file that is not of the card."""
    new = resumed(sites)
    card = read_card(new / CARD)
    words = ("node", "party", sites[BRAVO], new / CARD, "--heard", card.spoken, "--resumed")
    assert "cannot be read" in refused(*words, tmp_path / "absent")
    other = tmp_path / "other"
    other.write_bytes((new / CARD).read_bytes())
    assert "ask alpha for" in refused(*words, other)
    cards = read_installation(sites[BRAVO]).cards
    before = (cards / "alpha.card").read_bytes()
    (cards / "alpha.card").rename(tmp_path / "away")
    assert "without --resumed" in refused(*words, new / PROOF)
    (tmp_path / "away").rename(cards / "alpha.card")
    assert (cards / "alpha.card").read_bytes() == before
    assert [path.name for path in cards.iterdir()] == ["alpha.card"]


def test_a_resume_under_another_root_is_refused(sites: Sites, tmp_path: Path) -> None:
    """KEY-035: whoever founded something else in that party's name goes on in nothing."""
    act(sites[ALPHA], roz("roz-1", BRAVO))
    carry(sites, ALPHA, BRAVO, name="one")
    wanted = Wanted(party=ALPHA, protocol=PROTOCOL, reality=Reality.EXERCISE, test_role=DUTY)
    install(tmp_path / "other", wanted, SystemClock().now())
    root, new = tmp_path / "other" / "offline-root", tmp_path / "again"
    done("node", "resume", tmp_path / "other", "--root", root, "--out", new)
    heard = ("--heard", read_card(new / CARD).spoken, "--resumed", new / PROOF)
    said = refused("node", "party", sites[BRAVO], new / CARD, *heard)
    assert "another offline root than the card held" in said


def test_a_picture_side_that_has_no_certificate_is_resumed_too(sites: Sites) -> None:
    """KEY-034: the line's certificate lies on the exchange side; the card still names it."""
    shutil.rmtree(sites[ALPHA] / "line")
    new = resumed(sites)
    assert read_card(new / CARD).certificate == read_card(sites[ALPHA] / CARD).certificate


def test_a_party_that_holds_less_takes_a_file_of_the_old_feed_first(
    sites: Sites, tmp_path: Path
) -> None:
    """KEY-035: what the owner stands by is held before the new feed is followed."""
    act(sites[ALPHA], roz("roz-1", BRAVO))
    new = tmp_path / "again"
    root = sites[ALPHA] / "offline-root"
    done("node", "resume", sites[ALPHA], "--root", root, "--out", new)
    heard = ("--heard", read_card(new / CARD).spoken, "--resumed", new / PROOF)
    words = ("node", "party", sites[BRAVO], new / CARD, *heard)
    assert "resumes no feed that is held here" in refused(*words)
    carry(sites, ALPHA, BRAVO, name="whole")
    act(sites[ALPHA], roz("roz-late", BRAVO))
    shutil.rmtree(new)
    done("node", "resume", sites[ALPHA], "--root", root, "--out", new)
    heard = ("--heard", read_card(new / CARD).spoken, "--resumed", new / PROOF)
    words = ("node", "party", sites[BRAVO], new / CARD, *heard)
    assert "take it, then try again" in refused(*words)
    carry(sites, ALPHA, BRAVO, name="rest")
    done(*words)


@given(data=st.data())
def test_a_damaged_proof_is_refused(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """KEY-035: whatever the bytes are; either they found the card's feed, or they are refused."""
    folder = tmp_path_factory.getbasetemp() / "proof"
    if not folder.exists():
        folder.mkdir()
        wanted = Wanted(party=ALPHA, protocol=PROTOCOL, reality=Reality.EXERCISE, test_role=DUTY)
        install(folder / "a", wanted, SystemClock().now())
        out, root = folder / "b", folder / "a" / "offline-root"
        done("node", "resume", folder / "a", "--root", root, "--out", out)
    whole, card = (folder / "b" / PROOF).read_bytes(), read_card(folder / "b" / CARD)
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[place] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        changed = bytearray(data.draw(st.binary(max_size=300)))
    file = folder / "changed"
    file.write_bytes(bytes(changed))
    try:
        row = read_proof(file, card)
        Log(feed=row.feed).verify(row, verifier_of)
    except CallerError as fault:
        assert "ask alpha" in str(fault)  # noqa: PT017 - any other fault fails the test
    except PartyError as fault:
        assert fault.evidence  # noqa: PT017 - the entry that does not fit its body
