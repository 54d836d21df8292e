"""Detached signatures of a protocol, and the commands that make and verify them.

PRO-130 to PRO-137.
"""

import base64
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crosstell.cli.protocol import protocol as command
from crosstell.codecs.protocol_file import digest_of, read_protocol
from crosstell.core.errors import CallerError, PartyError
from crosstell.core.ids import FeedId, PartyId
from crosstell.core.protocol.signed.signature import (
    ProtocolSignature,
    check_keys,
    parse_signature,
    sign_protocol,
    signature_key,
    signature_of,
    verified_signer,
)
from crosstell.core.record.checkpoint import (
    Checkpoint,
    origin_of,
    parse_checkpoint,
    sign_checkpoint,
)
from crosstell.core.record.note import COSIGNATURE, Note, NoteKey, parse_key, parse_note
from crosstell.shell.keys import PROTOCOL, KeyFolder
from crosstell.shell.signing import Ed25519Signer, verifier_of

FILE = Path(__file__).with_name("data") / "test-protocol.yaml"
DOCUMENT = read_protocol(FILE)
DIGEST = digest_of(DOCUMENT)
ALPHA, BRAVO = PartyId("alpha"), PartyId("bravo")
SIGNERS = {
    ALPHA: Ed25519Signer.from_seed(bytes(31) + b"a"),
    BRAVO: Ed25519Signer.from_seed(bytes(31) + b"b"),
}
KEYS = tuple(signature_key(party, signer.public_key()) for party, signer in SIGNERS.items())


def note_of(party: PartyId, signer: Ed25519Signer | None = None) -> Note:
    signature = signature_of(DOCUMENT, DIGEST, party)
    return sign_protocol(signature, signer or SIGNERS[party])


def signer(note: Note) -> PartyId:
    return verified_signer(note, DOCUMENT, DIGEST, KEYS, verifier_of)


def test_a_signature_is_a_note_over_the_digest() -> None:
    """PRO-130."""
    note = note_of(ALPHA)
    assert note.text.split("\n") == [
        "crosstell/protocol-signature/v1",
        f"digest {DIGEST}",
        f"name {DOCUMENT.name}",
        f"version {DOCUMENT.version}",
        "party alpha",
        "",
    ]
    assert parse_note(note.print()) == note
    assert parse_signature(note.text) == signature_of(DOCUMENT, DIGEST, ALPHA)
    assert signer(note) == ALPHA


def test_a_signature_stands_for_no_other_party() -> None:
    """PRO-131. Neither with the other's key, nor under the other's name."""
    with pytest.raises(PartyError, match="no known key signed it"):
        signer(note_of(BRAVO, SIGNERS[ALPHA]))
    moved = replace(note_of(ALPHA), text=note_of(BRAVO).text)
    with pytest.raises(PartyError, match="no known key signed it"):
        signer(moved)
    line = replace(note_of(ALPHA).signatures[0], name=KEYS[1].name, key_id=KEYS[1].id)
    with pytest.raises(PartyError, match="does not fit the text"):
        signer(Note(text=note_of(BRAVO).text, signatures=(line,)))


def test_a_signature_stands_for_no_other_document() -> None:
    """PRO-131."""
    other = replace(DOCUMENT, version="99")
    with pytest.raises(PartyError, match="of another version, or a figure was changed"):
        verified_signer(note_of(ALPHA), other, digest_of(other), KEYS, verifier_of)
    misnamed = replace(signature_of(DOCUMENT, DIGEST, ALPHA), version="99")
    with pytest.raises(PartyError, match="names no such party, name or version"):
        signer(sign_protocol(misnamed, SIGNERS[ALPHA]))


def test_no_other_note_is_a_signature_and_a_signature_is_no_other_note() -> None:
    """PRO-131."""
    feed = FeedId("ab" * 16)
    checkpoint = Checkpoint(origin=origin_of(feed), size=1, root=bytes(32))
    with pytest.raises(PartyError, match="is no signature of a protocol"):
        signer(sign_checkpoint(checkpoint, SIGNERS[ALPHA]))
    with pytest.raises(PartyError, match="three lines"):
        parse_checkpoint(note_of(ALPHA).text)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("digest ", "digest  "),
        lambda text: text.replace("name ", "title "),
        lambda text: text + "more\n",
        lambda text: text.replace("party alpha", "party al pha"),
        lambda text: text.replace(DIGEST, DIGEST.upper()),
        lambda text: text.removesuffix("\n"),
        lambda text: text.replace("/v1", "/v2"),
    ],
)
def test_another_text_is_no_signature(spoil: object) -> None:
    """PRO-130, PRO-131."""
    assert callable(spoil)
    with pytest.raises(PartyError, match="is no signature of a protocol"):
        parse_signature(spoil(signature_of(DOCUMENT, DIGEST, ALPHA).text()))


def test_only_who_owes_duties_signs() -> None:
    """PRO-135, PRO-132."""
    with pytest.raises(
        CallerError, match=r"'charlie' is no party of .* it is signed by alpha, bravo"
    ):
        signature_of(DOCUMENT, DIGEST, PartyId("charlie"))
    stranger = ProtocolSignature(
        digest=DIGEST, name=DOCUMENT.name, version=DOCUMENT.version, party=PartyId("charlie")
    )
    with pytest.raises(PartyError, match="names no such party"):
        signer(sign_protocol(stranger, SIGNERS[ALPHA]))


def test_each_key_is_of_one_party_and_nobody_shares() -> None:
    """PRO-132."""
    alpha, bravo = KEYS
    check_keys(KEYS, DOCUMENT)
    with pytest.raises(CallerError, match="given twice"):
        check_keys((alpha, bravo, alpha), DOCUMENT)
    shared = signature_key(BRAVO, alpha.public_key)
    with pytest.raises(CallerError, match="two parties never share a key"):
        check_keys((alpha, shared), DOCUMENT)
    for stranger in (
        signature_key(PartyId("charlie"), bytes(range(32))),
        NoteKey(name="alpha", type=1, public_key=alpha.public_key),
        NoteKey(name=alpha.name, type=COSIGNATURE, public_key=alpha.public_key),
    ):
        with pytest.raises(CallerError, match="is not the protocol key of a party"):
            check_keys((stranger,), DOCUMENT)
    with pytest.raises(PartyError, match="small order"):
        check_keys((signature_key(ALPHA, bytes(32)),), DOCUMENT)


def test_a_signature_without_a_known_key_says_whom_to_ask() -> None:
    """PRO-136."""
    with pytest.raises(CallerError, match=r"no key of alpha was given; ask that party"):
        verified_signer(note_of(ALPHA), DOCUMENT, DIGEST, KEYS[1:], verifier_of)


def run(*words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


def made(folder: Path, party: str) -> tuple[Path, str]:
    """The signature file of a party, and its public line, by the commands alone."""
    keys, out = folder / f"keys-{party}", folder / f"{party}.signature"
    shown = run("key", "--keys", keys, "--party", party)
    assert shown.exit_code == 0
    done = run("sign", FILE, "--keys", keys, "--party", party, "--out", out)
    assert (done.exit_code, done.stderr) == (0, "")
    return out, shown.stdout.strip()


def test_a_key_is_made_once_and_signs_nothing_else(tmp_path: Path) -> None:
    """PRO-133, PRO-134."""
    first = run("key", "--keys", tmp_path / "keys", "--party", "alpha")
    again = run("key", "--keys", tmp_path / "keys", "--party", "alpha")
    assert first.stdout == again.stdout
    assert KeyFolder(path=tmp_path / "keys").names() == (PROTOCOL,)
    key = parse_key(first.stdout.strip())
    assert key.name == "crosstell/protocol/alpha"
    assert "fingerprint: " in first.stderr
    refused = run("key", "--keys", tmp_path / "keys", "--party", "al pha")
    assert (refused.exit_code, "--party: party: 'al pha' is not an id" in refused.stderr) == (
        2,
        True,
    )


def test_all_signed_is_said_only_with_every_signature(tmp_path: Path) -> None:
    """PRO-136."""
    (alpha, alphas), (bravo, bravos) = made(tmp_path, "alpha"), made(tmp_path, "bravo")
    none = run("verify", FILE)
    one = run("verify", FILE, "--signature", alpha, "--party-key", alphas)
    keys = ("--party-key", alphas, "--party-key", bravos)
    both = run("verify", FILE, "--signature", alpha, "--signature", bravo, *keys)
    assert (none.exit_code, one.exit_code, both.exit_code) == (1, 1, 0)
    assert "NOT signed by all that it names: alpha, bravo missing." in none.stdout
    assert "NOT signed by all that it names: bravo missing." in one.stdout
    assert "bravo: no signature was given" in one.stdout
    assert "Signed by all that it names: alpha, bravo." in both.stdout
    for result in (none, one):
        assert "Signed by all" not in result.stdout
    for result in (none, one, both):
        assert "agreed" not in result.stdout


def test_the_same_signature_twice_is_one(tmp_path: Path) -> None:
    """PRO-136."""
    alpha, line = made(tmp_path, "alpha")
    twice = run("verify", FILE, "--signature", alpha, "--signature", alpha, "--party-key", line)
    assert (twice.exit_code, "bravo missing" in twice.stdout) == (1, True)


def test_a_key_may_be_in_a_file(tmp_path: Path) -> None:
    """PRO-136, PRO-137."""
    alpha, line = made(tmp_path, "alpha")
    file = tmp_path / "alpha.key-line"
    file.write_text(f"{line}\n")
    assert run("verify", FILE, "--signature", alpha, "--party-key", file).exit_code == 1
    file.write_text(f"{line}\n" * 20)
    long = run("verify", FILE, "--signature", alpha, "--party-key", file)
    assert (long.exit_code, "more than the 512 allowed" in long.stderr) == (2, True)
    file.write_text("nonsense\n")
    wrong = run("verify", FILE, "--signature", alpha, "--party-key", file)
    assert (wrong.exit_code, "give the line that crosstell protocol key" in wrong.stderr) == (
        2,
        True,
    )


def test_what_is_no_key_is_told_the_form_of_one(tmp_path: Path) -> None:
    """PRO-137."""
    _, line = made(tmp_path, "alpha")
    form = "it has the form crosstell/protocol/PARTY+ID+KEY, the id in 8 hexadecimal digits"
    for given in ("rubbish", "crosstell/protocol/alpha", f"{line}x"):
        result = run("verify", FILE, "--party-key", given)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("--party-key: ")
        assert form in result.stderr
    name, key_id, key = line.split("+", 2)
    assert name == "crosstell/protocol/alpha"
    assert re.fullmatch("[0-9a-f]{8}", key_id)
    assert len(base64.b64decode(key, validate=True)) == 33, "the form is as the key has it"


def test_a_signature_file_that_does_not_hold_is_named(tmp_path: Path) -> None:
    """PRO-136, PRO-137."""
    alpha, line = made(tmp_path, "alpha")
    bad = tmp_path / "bad.signature"
    for content, why in (
        (b"x" * 5_000, "more than the 4096 allowed"),
        (alpha.read_bytes()[:-3], "no empty line with signature lines"),
        (alpha.read_bytes().replace(b"version 1", b"version 2"), "names no such party"),
    ):
        bad.write_bytes(content)
        result = run("verify", FILE, "--signature", bad, "--party-key", line)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(str(bad))
        assert why in result.stderr
    gone = run("verify", FILE, "--signature", tmp_path / "gone", "--party-key", line)
    assert (gone.exit_code, "gone: cannot be read" in gone.stderr) == (2, True)


def test_sign_writes_over_nothing_and_needs_a_key(tmp_path: Path) -> None:
    """PRO-135."""
    out, _ = made(tmp_path, "alpha")
    before = out.read_bytes()
    again = run("sign", FILE, "--keys", tmp_path / "keys-alpha", "--party", "alpha", "--out", out)
    assert (again.exit_code, "exists already" in again.stderr) == (2, True)
    assert out.read_bytes() == before
    bare = run("sign", FILE, "--keys", tmp_path, "--party", "alpha", "--out", tmp_path / "n")
    assert (bare.exit_code, "make it with crosstell protocol key" in bare.stderr) == (2, True)
    keys = tmp_path / "keys-alpha"
    stranger = run("sign", FILE, "--keys", keys, "--party", "charlie", "--out", tmp_path / "n")
    assert (stranger.exit_code, "is signed by alpha, bravo" in stranger.stderr) == (2, True)
    assert not (tmp_path / "n").exists()


def test_an_unfinished_document_is_not_signed(tmp_path: Path) -> None:
    """PRO-135, PRO-163."""
    document = tmp_path / "new.yaml"
    run("new", "--from", "airspace-1991", "--party", "alpha", "--party", "bravo", "--out", document)
    run("key", "--keys", tmp_path / "k", "--party", "alpha")
    out = tmp_path / "alpha.signature"
    result = run("sign", document, "--keys", tmp_path / "k", "--party", "alpha", "--out", out)
    assert (result.exit_code, out.exists()) == (2, False)
    assert "nothing was signed, the document is not finished: area" in result.stderr
