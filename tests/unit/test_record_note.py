"""Notes, checkpoints and cosignatures, against vectors that others published."""

import pytest
from record_keys import TestFeed, TestKey, verifier_of

from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.checkpoint import (
    Checkpoint,
    check_checkpoint,
    log_key,
    origin_of,
    parse_checkpoint,
    sign_checkpoint,
)
from crosstell.core.record.cosignature import (
    Bracket,
    TimeClaim,
    bracket,
    check_cosignatures,
    cosign,
    cosigner_key,
)
from crosstell.core.record.note import (
    COSIGNATURE,
    ED25519,
    NOTE_SIZE_MAX,
    Note,
    NoteKey,
    check_note,
    parse_key,
    parse_note,
    sign_text,
)
from crosstell.core.record.tree import check_consistency

# golang.org/x/mod, sumdb/note, note_test.go (named by C2SP signed-note as its implementation).
PETER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH_KEY = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg"
    "KvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01"
    "oOTGwnWLox33WWd1RvMc+QQ=\n"
)

# transparency-dev/witness, persistence tests: one log at two sizes, with its consistency proof.
MONKEYS_KEY = "monkeys+db4d9f7e+AULaJMvTtDLHPUcUrjdDad9vDlh/PTfC2VV60JUtCfWT"
MONKEYS_5 = (
    "monkeys\n5\n41smjBUiAU70EtKlT6lIOIYtRTYxYXsDB+XHfcvu/BE=\n\n— monkeys 202fftzGl3LVoqjXfwCFZZXs"
    "8I+5G22+Ek2K0AOyBuSJ/8/CZawNF+6fNlTKOCd622pbzJNkkJFWuw9DbicZCkEx9AY=\n"
)
MONKEYS_8 = (
    "monkeys\n8\nV8K9aklZ4EPB+RMOk1/8VsJUdFZR77GDtZUQq84vSbo=\n\n— monkeys 202ffoUEboiQYpHzICeaFmoy"
    "3RNviHTpAxYrq/eO4QQVQMvu9UebKBMX2MJC76NLthZaKsnKbCA8GxrjePZhvDCH7Ag=\n"
)
MONKEYS_PROOF = (
    "b9e1d62618f7fee8034e4c5010f727ab24d8e4705cb296c374bf2025a87a10d2",
    "aac66cd7a79ce4012d80762fe8eec3a77f22d1ca4145c3f4cee022e7efcd599d",
    "89d0f753f66a290c483b39cd5e9eafb12021293395fad3d4a2ad053cfbcfdc9e",
    "29e40bb79c966f4c6fe96aff6f30acfce5f3e8d84c02215175d6e018a5dee833",
)

# Cygnux-Labs/Tracekit, tests/vectors/c2sp_checkpoint.json: a cosigned checkpoint that
# golang.org/x/mod/sumdb/note verifies too.
TRACEKIT_LOG = (
    "tracekit.example.org/log/0190f3a0-test+070965d6+AZsfhHkc/HZjBFhU04netcqVRJ2HXydqg4QLBgqznPxx"
)
TRACEKIT_WITNESS = "witness.example.org/w1+257cc7f1+BGG3op9v3HIXXDPBmFc/0CioJHhGCXc+pyvvFPlBZdYO"
TRACEKIT_NOTE = (
    "tracekit.example.org/log/0190f3a0-test\n13\nMi7CJiZLruMIePTlzHPx4mYt0B1o8dZ+0VjPECnCnOY=\n\n"
    "— tracekit.example.org/log/0190f3a0-test Bwll1vSm1GBu/u3FzyhOMXK1fwzvztQj15+2YVxT2JheD9i+UdVm"
    "ejDz2e+M4AtxUuJpen36NSGqXemdYiILAxETUQU=\n"
    "— witness.example.org/w1 JXzH8QAAAABo53gAZglDLueWaKJVPcnyj3WBkywAF6aWpFAGHa4yMEkQYe/u9Gvb6/T1"
    "3SPTtayVz0RIPUTq64LAPxavF/mraKi2Cg==\n"
)


def test_a_published_note_verifies() -> None:
    """REC-030, REC-032: the known key signed; the other line is ignored."""
    note = parse_note((TEXT + "\n" + PETER_LINE + ENOCH_LINE).encode())
    peter, enoch = parse_key(PETER_KEY), parse_key(ENOCH_KEY)
    assert check_note(note, (peter,), verifier_of) == (peter,)
    assert check_note(note, (enoch, peter), verifier_of) == (enoch, peter)
    assert note.text == TEXT


def test_nothing_holds_without_a_known_key() -> None:
    """REC-032."""
    note = parse_note((TEXT + "\n" + PETER_LINE).encode())
    stranger = NoteKey(name="PeterNeumann", type=ED25519, public_key=bytes(31) + b"\x10")
    for keys in ((), (parse_key(ENOCH_KEY),), (stranger,)):
        with pytest.raises(PartyError, match="no known key"):
            check_note(note, keys, verifier_of)


def test_a_bad_line_of_a_known_key_spoils_the_note() -> None:
    """REC-032: even beside a good one."""
    note = parse_note((TEXT + "\n" + PETER_LINE + ENOCH_LINE).encode())
    key = parse_key(ENOCH_KEY)
    bad = sign_text("another\n", name="EnochRoot", signer=TestKey("thief"))
    forged = note.with_signature(type(bad)(name=key.name, key_id=key.id, signature=bad.signature))
    with pytest.raises(PartyError, match="EnochRoot does not fit"):
        check_note(forged, (parse_key(PETER_KEY), key), verifier_of)
    assert note.with_signature(note.signatures[0]) is note


@pytest.mark.parametrize(
    "data",
    [
        TEXT,
        TEXT + "\n",
        TEXT + "\n" + PETER_LINE[:-1],
        "\x01" + TEXT + "\n" + PETER_LINE,
        TEXT + "\n" + PETER_LINE + "Unexpected line.\n",
        TEXT + "\n" + PETER_LINE + "\n",
        TEXT + "\n" + PETER_LINE.replace("PeterNeumann", "Bad Name"),
        TEXT + "\n" + PETER_LINE.replace("PeterNeumann", "Bad\u00a0Name"),
        TEXT + "\n" + PETER_LINE.replace("PeterNeumann", "Bad+Name"),
        TEXT + "\n" + PETER_LINE.replace("PeterNeumann", ""),
        TEXT + "\n" + PETER_LINE.replace("=", ""),
        TEXT + "\n" + PETER_LINE.replace("— ", "- "),
        TEXT + "\n" + "— PeterNeumann x08gow==\n",
        TEXT + "\n" + PETER_LINE * 65,
        TEXT.replace("\n", "\r\n") + "\n" + PETER_LINE,
        "",
        "\n\n",
        "x" * NOTE_SIZE_MAX + "\n\n" + PETER_LINE,
    ],
)
def test_malformed_notes_are_refused(data: str) -> None:
    """REC-030, REC-033: the published malformed notes, and more of our own."""
    with pytest.raises(PartyError, match="note"):
        parse_note(data.encode())
    with pytest.raises(PartyError, match="note"):
        parse_note(b"\xff" + data.encode())


def test_at_least_sixteen_signatures_are_read() -> None:
    """REC-033."""
    lines = "".join(PETER_LINE.replace("Peter", f"Peter{n}") for n in range(64))
    assert len(parse_note((TEXT + "\n" + lines).encode()).signatures) == 64


def test_published_keys_are_read_and_printed() -> None:
    """REC-031: two Ed25519 keys, a log's, and a cosigner's (transparency-dev/formats)."""
    remora = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
    for text in (PETER_KEY, ENOCH_KEY, MONKEYS_KEY, remora, TRACEKIT_WITNESS):
        assert parse_key(text).print() == text
    assert parse_key(remora).type == COSIGNATURE
    golang = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    assert parse_key(golang).id.hex() == "033de0ae"


def test_mangled_keys_are_refused() -> None:
    """REC-031: every part of a key line, every raised character, and the two published ones."""
    for start in range(len(PETER_KEY)):
        for end in range(start, len(PETER_KEY) + 1):
            if (start, end) != (0, len(PETER_KEY)):
                with pytest.raises(ValueError, match="key"):
                    parse_key(PETER_KEY[start:end])
    for at, char in enumerate(PETER_KEY):
        with pytest.raises(ValueError, match="key"):
            parse_key(PETER_KEY[:at] + chr(ord(char) + 1) + PETER_KEY[at + 1 :])
    for bad in (
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ):
        with pytest.raises(ValueError, match="key"):
            parse_key(bad)


def test_checkpoints_of_another_log_verify() -> None:
    """REC-023, REC-034: signature, text, and that the second continues the first."""
    key = parse_key(MONKEYS_KEY)
    old, new = (
        check_checkpoint(parse_note(data.encode()), key, verifier_of)
        for data in (MONKEYS_5, MONKEYS_8)
    )
    assert (old.origin, old.size, new.size) == ("monkeys", 5, 8)
    proof = tuple(bytes.fromhex(step) for step in MONKEYS_PROOF)
    roots = {"old_root": old.root, "new_root": new.root}
    check_consistency(old=5, new=8, proof=proof, **roots)
    with pytest.raises(PartyError, match="does not hold"):
        check_consistency(old=5, new=8, proof=proof[:-1], **roots)


def test_a_published_cosignature_verifies() -> None:
    """REC-036: made and verified by other software."""
    note = parse_note(TRACEKIT_NOTE.encode())
    assert check_checkpoint(note, parse_key(TRACEKIT_LOG), verifier_of).size == 13
    (seen,) = check_cosignatures(note, (parse_key(TRACEKIT_WITNESS),), verifier_of)
    assert seen.time_s == 1_760_000_000
    assert note.print().decode() == TRACEKIT_NOTE


def test_the_example_of_the_cosignature_specification_is_read() -> None:
    """REC-036: C2SP tlog-cosignature; its keys are not published, so only form and time."""
    example = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhc"
        "yv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe"
        "9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
    )
    note = parse_note(example.encode())
    assert parse_checkpoint(note.text).size == 20_852_163
    assert int.from_bytes(note.signatures[1].signature[:8], "big") == 1_679_315_147


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "a\n1\nMi7CJiZLruMIePTlzHPx4mYt0B1o8dZ+0VjPECnCnOY=",
        "a\n1\nMi7CJiZLruMIePTlzHPx4mYt0B1o8dZ+0VjPECnCnOY=\nextension\n",
        "a\n01\nMi7CJiZLruMIePTlzHPx4mYt0B1o8dZ+0VjPECnCnOY=\n",
        "a\n-1\nMi7CJiZLruMIePTlzHPx4mYt0B1o8dZ+0VjPECnCnOY=\n",
        "a\n\u0661\nMi7CJiZLruMIePTlzHPx4mYt0B1o8dZ+0VjPECnCnOY=\n",
        "a\n9007199254740992\nMi7CJiZLruMIePTlzHPx4mYt0B1o8dZ+0VjPECnCnOY=\n",
        "a\n" + "1" * 5000 + "\nMi7CJiZLruMIePTlzHPx4mYt0B1o8dZ+0VjPECnCnOY=\n",
        "a\n1\nMi7CJiZLruMIePTlzHPx4mYt0B1o8dZ+0VjPECnC\n",
        "a\n1\nMi7CJiZLruMIePTlzHPx4mYt0B1o8dZ+0VjPECnCnOZ=\n",
        "\n1\nMi7CJiZLruMIePTlzHPx4mYt0B1o8dZ+0VjPECnCnOY=\n",
    ],
)
def test_malformed_checkpoints_are_refused(text: str) -> None:
    """REC-034."""
    with pytest.raises(PartyError, match=r"checkpoint|root"):
        parse_checkpoint(text)


def test_a_checkpoint_is_signed_under_its_origin_by_the_key_of_its_size() -> None:
    """REC-034, REC-035: after a key entry, the next size is signed by the new key."""
    feed = TestFeed("alpha-1")
    note = feed.checkpoint()
    assert check_checkpoint(note, feed.head.keys.log_key_at(1), verifier_of).root == (
        feed.head.tree.root()
    )
    old = feed.online
    feed.rotate("alpha-1 second")
    assert feed.head.keys.log_key_at(1).public_key == old.public_key()
    assert feed.head.keys.log_key_at(2).public_key == feed.online.public_key()
    late = sign_checkpoint(feed.head.checkpoint(), old)
    with pytest.raises(PartyError, match="no known key"):
        check_checkpoint(late, feed.head.keys.log_key_at(2), verifier_of)


def test_a_checkpoint_of_another_log_is_refused() -> None:
    """REC-035: also where the key is the same."""
    key = TestKey("one key")
    point = Checkpoint(origin=origin_of(FeedId("alpha-1")), size=1, root=bytes(32))
    note = sign_checkpoint(point, key)
    with pytest.raises(PartyError, match="expected"):
        check_checkpoint(note, log_key(FeedId("bravo-1"), key.public_key()), verifier_of)


def test_cosignatures_count_once_and_only_if_they_fit() -> None:
    """REC-036, REC-037, REC-038."""
    alpha, bravo = TestFeed("alpha-1"), TestFeed("bravo-1")
    key = cosigner_key(bravo.feed, bravo.cosigner.public_key())
    assert check_cosignatures(alpha.checkpoint(), (key,), verifier_of) == ()
    note = alpha.cosigned(bravo, time_s=100)
    (seen,) = check_cosignatures(note, (key, log_key(alpha.feed, bytes(32))), verifier_of)
    assert (seen.time_s, seen.checkpoint) == (100, alpha.head.checkpoint())
    twin = NoteKey(name="twin", type=COSIGNATURE, public_key=key.public_key)
    with pytest.raises(PartyError, match="one key under two names"):
        check_cosignatures(note, (key, twin), verifier_of)
    text = parse_note(note.print()).text.replace("\n1\n", "\n2\n")
    with pytest.raises(PartyError, match="does not fit"):
        check_cosignatures(Note(text=text, signatures=note.signatures), (key,), verifier_of)


def test_a_cosignature_with_another_time_does_not_fit() -> None:
    """REC-036: the time is signed too."""
    alpha, bravo = TestFeed("alpha-1"), TestFeed("bravo-1")
    key = cosigner_key(bravo.feed, bravo.cosigner.public_key())
    line = cosign(alpha.head.checkpoint(), name=key.name, signer=bravo.cosigner, time_s=100)
    for wrong in ((101).to_bytes(8, "big") + line.signature[8:], line.signature[:-1], b"x"):
        note = Note(
            text=alpha.head.checkpoint().text(),
            signatures=(type(line)(name=key.name, key_id=key.id, signature=wrong),),
        )
        with pytest.raises(PartyError, match="does not fit"):
            check_cosignatures(note, (key,), verifier_of)
    with pytest.raises(ValueError, match="outside"):
        cosign(alpha.head.checkpoint(), name=key.name, signer=bravo.cosigner, time_s=2**63)


def test_a_text_that_cannot_be_signed_is_refused() -> None:
    """REC-030."""
    for text in ("no newline", "tab\t\n"):
        with pytest.raises(ValueError, match="newline"):
            sign_text(text, name="a", signer=TestKey("a"))
    for origin in ("", "a\nb", "a\tb"):
        with pytest.raises(ValueError, match=r"origin|newline"):
            Checkpoint(origin=origin, size=0, root=bytes(32))
    with pytest.raises(ValueError, match="cannot exist"):
        Checkpoint(origin="a", size=0, root=b"short")


def test_a_bracket_rests_on_what_others_stated() -> None:
    """REC-070: the latest below, the earliest above; open where nobody bounds."""
    found = bracket(
        committed=(TimeClaim(by="b", time_s=10), TimeClaim(by="b", time_s=20)),
        covering=(TimeClaim(by="b", time_s=90), TimeClaim(by="c", time_s=60)),
    )
    assert found == Bracket(lower_s=20, upper_s=60, lower_by=("b",), upper_by=("b", "c"))
    assert bracket(committed=(), covering=()) == Bracket(
        lower_s=None, upper_s=None, lower_by=(), upper_by=()
    )


def test_so_many_wrong_clocks_cannot_move_a_bracket() -> None:
    """REC-071: one of three lies wildly; a clock that speaks often still counts once."""
    honest = (TimeClaim(by="b", time_s=50), TimeClaim(by="c", time_s=52))
    for lie in (0, 10**9):
        liar = (TimeClaim(by="d", time_s=lie), TimeClaim(by="d", time_s=lie + 1))
        found = bracket(committed=(*honest, *liar), covering=(*honest, *liar), liars_max=1)
        assert found.lower_s is not None
        assert found.upper_s is not None
        assert found.lower_s <= 52
        assert found.upper_s >= 50
    alone = bracket(committed=honest[:1], covering=honest[:1], liars_max=1)
    assert (alone.lower_s, alone.upper_s) == (None, None)
    with pytest.raises(ValueError, match="wrong clocks"):
        bracket(committed=(), covering=(), liars_max=-1)
