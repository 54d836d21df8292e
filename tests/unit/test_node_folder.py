"""A node's folder, its file and the cards: RUN-004, RUN-010 to RUN-015, RUN-020 to RUN-022."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from node_pair import START

from crosstell.cli import crosstell
from crosstell.core.errors import CallerError, PartyError
from crosstell.core.ids import FeedId, PartyId, RoleId
from crosstell.core.line.message import Reality
from crosstell.core.protocol.digest import ProtocolDigest
from crosstell.shell.clock import ExerciseClock, Pace, SystemClock, write_pace
from crosstell.shell.config import card as cards
from crosstell.shell.config.card import (
    SUFFIX,
    PartyCard,
    keep_card,
    read_cards,
    read_former,
    write_card,
)
from crosstell.shell.config.certificate import read_certificate
from crosstell.shell.config.installing import Made, Wanted, add_party, install
from crosstell.shell.config.node_file import NAME, read_installation
from crosstell.shell.live.looking import looked_at
from crosstell.shell.live.opening import clock_for, open_node

PROTOCOL = Path(__file__).parents[2] / "scenarios" / "2023-10-05-hasakah" / "protocol.yaml"
WANTED = Wanted(
    party=PartyId("us"),
    protocol=PROTOCOL,
    reality=Reality.EXERCISE,
    test_role=RoleId("duty-officer"),
)
CARD = PartyCard(
    party=PartyId("tr"),
    protocol=ProtocolDigest("a" * 64),
    feed=FeedId("f" * 32),
    founding="b" * 64,
    root="c" * 64,
    certificate="Y2VydGlmaWNhdGU=",
    reach="192.0.2.1:8471",
)


def test_key_037_a_party_spoke_before_in_the_feeds_of_its_kept_cards_alone(tmp_path: Path) -> None:
    """A card of another root, of another party or put aside twice makes nobody a former feed."""
    path = tmp_path / f"tr{SUFFIX}"
    first, second = (replace(CARD, feed=FeedId(letter * 32)) for letter in "01")
    for card in (first, second, replace(CARD, feed=FeedId("2" * 32), root="d" * 64)):
        keep_card(path, card)
    keep_card(tmp_path / f"us{SUFFIX}", replace(CARD, party=PartyId("us")))
    write_card(tmp_path / f"tr{SUFFIX}.old", second)
    write_card(path, CARD)
    found = read_former(tmp_path, read_cards(tmp_path))
    assert found == (("tr", first.feed), ("tr", second.feed))


def made_in(folder: Path, party: str = "us", reach: str = "") -> Made:
    return install(folder, replace(WANTED, party=PartyId(party), reach=reach), START)


def test_a_new_node_opens(tmp_path: Path) -> None:
    """RUN-013 to RUN-015: founded, with nothing but what was asked for, the root apart."""
    made = made_in(tmp_path / "node")
    found = read_installation(tmp_path / "node")
    opened = open_node(found)
    try:
        assert opened.node.may_sign
        assert opened.setting.reality is Reality.EXERCISE
        assert opened.setting.feeds == ((PartyId("us"), made.card.feed),)
        assert opened.setting.ring_limit == opened.setting.protocol.escalation.ring_limit
    finally:
        opened.store.close()
    assert made.card.certificate == read_certificate(found.line_certificate)
    assert {path.name for path in (tmp_path / "node" / "keys").iterdir()} == {
        "online.key",
        "cosigning.key",
    }
    assert [path.name for path in made.root.iterdir()] == ["root.key"]
    assert sorted(os.listdir(tmp_path)) == ["node"]
    secret = (*found.keys.iterdir(), found.line_key, *made.root.iterdir(), found.store)
    assert all(path.stat().st_mode & 0o077 == 0 for path in secret)


def test_what_is_there_is_not_touched(tmp_path: Path) -> None:
    """RUN-013."""
    folder = tmp_path / "node"
    folder.mkdir()
    (folder / "letter").write_text("mine", encoding="ascii")
    with pytest.raises(CallerError, match="not empty"):
        made_in(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["node"]
    assert (folder / "letter").read_text(encoding="ascii") == "mine"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (replace(WANTED, party=PartyId("fr")), "the protocol has us, tr"),
        (replace(WANTED, test_role=RoleId("cook")), "the protocol has duty-officer"),
        (replace(WANTED, protocol=Path("absent.yaml")), "cannot be read"),
    ],
)
def test_a_node_that_fits_no_protocol_is_not_made(
    tmp_path: Path, wanted: Wanted, said: str
) -> None:
    """RUN-013: nothing is left behind."""
    with pytest.raises(CallerError, match=said):
        install(tmp_path / "node", wanted, START)
    assert not list(tmp_path.iterdir())


def rewrite(folder: Path, old: str, new: str) -> None:
    file = folder / NAME
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("language: en", "langage: en", r"node.yaml:\d+:\d+: .*language"),
        ("reality: exercise", "reality: test", "exercise"),
        ("  host: 127.0.0.1\n  port: 8470", "  host: 0.0.0.0\n  port: 8470", "over TLS alone"),
        ("  port: 8470", "  port: 84700", "outside 0 to 65535"),
        ("  port: 8470", "  port: 8470\n  key: k.pem", "give both, or neither"),
        ("every_s: 15", "every_s: 0", "between once a second"),
        ("party: us", "party: [us]", "node.yaml:2"),
        ("language: en", "language: english", "is not a language tag"),  # RUN-562
        ("thin_s: 1.0", "thin_s: 5.1", "raises no alert"),  # RUN-561
        ("thin_s: 1.0", "thin_s: -0.1", "outside 0 to 5.0 s"),
    ],
)
def test_a_fault_of_the_file_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    """RUN-010, RUN-011, RUN-561 and RUN-562."""
    made_in(tmp_path / "node")
    rewrite(tmp_path / "node", old, new)
    with pytest.raises(CallerError, match=said):
        read_installation(tmp_path / "node")


def test_only_an_exercise_has_a_pace_of_its_own(tmp_path: Path) -> None:
    """RUN-004."""
    file = tmp_path / "pace.json"
    write_pace(file, Pace(at=START, mark=0.0, rate=1.0))
    assert isinstance(clock_for(Reality.EXERCISE, file), ExerciseClock)
    assert isinstance(clock_for(Reality.REAL, None), SystemClock)
    with pytest.raises(CallerError, match="this node is REAL"):
        clock_for(Reality.REAL, file)


def test_no_node_is_named_as_such(tmp_path: Path) -> None:
    """RUN-012."""
    with pytest.raises(CallerError, match="no node is here"):
        read_installation(tmp_path)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "record.store").unlink(), "no store"),
        (lambda folder: shutil.rmtree(folder / "marks"), "could fork our feed"),
        (lambda folder: (folder / "keys" / "online.key").unlink(), "cannot be read"),
        (lambda folder: rewrite(folder, "party: us", "party: fr"), "has no party fr"),
        (lambda folder: rewrite(folder, "role: duty-officer", "role: cook"), "has no role cook"),
        (
            lambda folder: (folder / "parties" / "tr.card").write_bytes(cards.encode(CARD)),
            "another protocol document",
        ),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, spoil: object, said: str) -> None:
    """RUN-015: and the store can be opened again afterwards."""
    made_in(tmp_path / "node")
    assert callable(spoil)
    spoil(tmp_path / "node")
    for _ in range(2):
        with pytest.raises(CallerError, match=said):
            open_node(read_installation(tmp_path / "node"))


def test_run_566_a_language_that_the_protocol_does_not_list_stops_nothing(tmp_path: Path) -> None:
    made_in(tmp_path / "node")
    rewrite(tmp_path / "node", "language: en", "language: pt")
    installation = read_installation(tmp_path / "node")
    opened = open_node(installation)
    opened.store.close()
    assert opened.setting.language == "pt"
    with looked_at(installation) as looked:
        assert looked.setting.language == "pt"


def test_two_parties_add_each_other(tmp_path: Path) -> None:
    """RUN-021: by the fingerprint as heard, in any case and grouping."""
    us, tr = made_in(tmp_path / "us"), made_in(tmp_path / "tr", "tr")
    heard = us.card.spoken.upper().replace(" ", "-")
    add_party(tr.installation, us.card, heard)
    add_party(us.installation, tr.card, tr.card.spoken)
    opened = open_node(read_installation(tmp_path / "us"))
    try:
        assert dict(opened.setting.feeds)[PartyId("tr")] == tr.card.feed
        assert opened.cards == (tr.card,)
    finally:
        opened.store.close()


def test_a_wrong_word_adds_nobody(tmp_path: Path) -> None:
    """RUN-021."""
    us, tr = made_in(tmp_path / "us"), made_in(tmp_path / "tr", "tr")
    digit = "0" if tr.card.spoken[-1] != "0" else "1"
    with pytest.raises(CallerError, match="not what was heard"):
        add_party(us.installation, tr.card, tr.card.spoken[:-1] + digit)
    assert not list(us.installation.cards.iterdir())


def test_cards_that_do_not_belong_are_refused(tmp_path: Path) -> None:
    """RUN-022."""
    us, tr = made_in(tmp_path / "us"), made_in(tmp_path / "tr", "tr")
    again = made_in(tmp_path / "again", "tr")
    add_party(us.installation, tr.card, tr.card.spoken)
    for card, said in (
        (us.card, "other parties are tr"),
        (replace(tr.card, party=PartyId("fr")), "other parties are tr"),
        (replace(tr.card, protocol=ProtocolDigest("0" * 64)), "another protocol document"),
        (again.card, "another feed"),
    ):
        with pytest.raises(CallerError, match=said):
            add_party(us.installation, card, card.spoken)
    assert cards.read_cards(us.installation.cards) == (tr.card,)


@pytest.mark.parametrize(
    "reach", ["node.us.example", "https://node.us.example:8471", "a b:1", ":1"]
)
def test_a_reach_that_nobody_could_dial_is_refused(tmp_path: Path, reach: str) -> None:
    """RUN-013: it would stand on the card for good; nothing is made."""
    with pytest.raises(CallerError, match="write host and port"):
        made_in(tmp_path / "us", reach=reach)
    assert list(tmp_path.glob("us*")) == []


def test_two_cards_of_one_party_are_refused(tmp_path: Path) -> None:
    """RUN-015."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.card").write_bytes(cards.encode(CARD))
    with pytest.raises(CallerError, match="two cards are of tr"):
        cards.read_cards(tmp_path)


@given(place=st.integers(0, 400), bit=st.integers(0, 7))
def test_every_bit_of_a_card_is_in_its_fingerprint(place: int, bit: int) -> None:
    """RUN-020 and RUN-021: a changed card is refused or reads otherwise."""
    data = bytearray(cards.encode(CARD))
    data[place % len(data)] ^= 1 << bit
    try:
        found = cards.decode(bytes(data))
    except PartyError:
        return
    assert found.spoken != CARD.spoken


@given(st.binary(max_size=600))
def test_any_bytes_are_a_card_or_refused(data: bytes) -> None:
    """RUN-020."""
    with pytest.raises(PartyError):
        cards.decode(data)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"certificate": ""}, "certificate"),
        ({"certificate": "not base64!"}, "certificate"),
        ({"certificate": "QUJD" * 2_000}, "certificate"),
        ({"root": "c" * 63}, "no SHA-256"),
        ({"reach": "a\nb"}, "no host and port"),
    ],
)
def test_a_card_that_cannot_be_is_refused(changes: dict[str, str], said: str) -> None:
    """RUN-020."""
    with pytest.raises(ValueError, match=said):
        replace(CARD, **changes)  # type: ignore[arg-type]


def test_a_card_is_small() -> None:
    """RUN-020."""
    assert cards.decode(cards.encode(CARD)) == CARD
    with pytest.raises(PartyError, match="more than the"):
        cards.decode(cards.encode(CARD) + b" " * cards.SIZE_MAX)


@pytest.mark.parametrize(
    ("host", "reach", "warned"),
    [
        ("127.0.0.1", "node.us.example:8471", True),
        ("::1", "192.0.2.1:8471", True),
        ("0.0.0.0", "node.us.example:8471", False),  # noqa: S104 - as it is written in the guide
        ("127.0.0.1", "127.0.0.1:8471", False),
        ("127.0.0.1", "[::1]:8471", False),
        ("127.0.0.1", "", False),
    ],
)
def test_run_260_a_line_that_nobody_reaches_is_told_when_it_is_made(
    tmp_path: Path, host: str, reach: str, *, warned: bool
) -> None:
    words = ["init", tmp_path / "node", "--protocol", PROTOCOL, "--party", "us", "--reach", reach]
    words += ["--role", "duty-officer", "--reality", "exercise", "--line-host", host]
    found = CliRunner().invoke(crosstell, [str(word) for word in words])
    assert found.exit_code == 0, found.stderr
    assert ("answers this machine alone" in found.stdout) is warned
