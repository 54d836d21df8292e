"""Signed notes (C2SP signed-note): a text, an empty line, then one line per signature.

A signature line is em dash, space, key name, space, base64 of a 4-byte key id and the signature.
Parsing is strict: a note is accepted only if printing it gives the same bytes. Of a note, only
what a known key signed may be read. Implements REC-030 to REC-033.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from crosstell.core.errors import PartyError
from crosstell.core.record.signing import (
    PUBLIC_KEY_SIZE,
    Signer,
    VerifierOf,
    from_base64,
    from_hex,
    to_base64,
)

ED25519 = 0x01  # signature type: Ed25519 over the text (C2SP signed-note)
COSIGNATURE = 0x04  # signature type: timestamped Ed25519 (C2SP tlog-cosignature)
KEY_ID_SIZE = 4
NOTE_SIZE_MAX = 65_536  # bytes
SIGNATURES_MAX = 64  # the specification asks for at least 16
NAME_LENGTH_MAX = 255
_DASH = "\u2014 "
_CONTROL = re.compile(r"[\x00-\x1f]")
_NO_NAME = re.compile(r"[+\s]")


def check_key_name(name: str) -> None:
    """Raise ValueError unless `name` can stand in a signature line."""
    if not 0 < len(name) <= NAME_LENGTH_MAX or _NO_NAME.search(name):
        raise ValueError(
            f"key name {name[:80]!r}: use 1 to {NAME_LENGTH_MAX} characters, no space, no '+'"
        )
    if _CONTROL.search(name):
        raise ValueError(f"key name {name[:80]!r}: holds a control character; leave it out")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteKey:
    """A public key under a name, for one signature type; known to the reader beforehand."""

    name: str
    type: int
    public_key: bytes

    def __post_init__(self) -> None:
        """Refuse another type or size of key."""
        check_key_name(self.name)
        if self.type not in (ED25519, COSIGNATURE) or len(self.public_key) != PUBLIC_KEY_SIZE:
            raise ValueError(
                f"key {self.name}: type {self.type:#04x} with {len(self.public_key)} bytes; "
                "only Ed25519 notes (0x01) and cosignatures (0x04) of 32 bytes are read"
            )

    @property
    def id(self) -> bytes:
        """`SHA-256(name || 0x0A || type || key)[:4]`: a label, not a proof."""
        material = self.name.encode("utf-8") + b"\n" + bytes([self.type]) + self.public_key
        return hashlib.sha256(material).digest()[:KEY_ID_SIZE]

    def print(self) -> str:
        """The key as a line of text: `name+id+base64(type || key)`, as other tools take it."""
        material = to_base64(bytes([self.type]) + self.public_key)
        return f"{self.name}+{self.id.hex()}+{material}"


def parse_key(text: str) -> NoteKey:
    """The key in a line of text; ValueError unless it is written as `NoteKey.print` does."""
    name, _, rest = text.partition("+")
    id_hex, _, material_text = rest.partition("+")
    try:
        material = from_base64(material_text, what="key material")
        key_id = from_hex(id_hex, what="key id", size=KEY_ID_SIZE)
    except PartyError as fault:
        raise ValueError(f"key {text[:80]!r}: {fault}") from None
    key = NoteKey(name=name, type=material[0] if material else 0, public_key=material[1:])
    if key.id != key_id:
        raise ValueError(f"key {text[:80]!r}: its id should be {key.id.hex()}; copy it again")
    return key


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureLine:
    """One signature of a note, by the key that its name and id point to."""

    name: str
    key_id: bytes
    signature: bytes

    def print(self) -> str:
        """The line, with its newline."""
        return f"{_DASH}{self.name} {to_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text that ends in a newline, and the lines below it. Nothing is verified by holding one."""

    text: str
    signatures: tuple[SignatureLine, ...]

    def print(self) -> bytes:
        """The bytes of the note."""
        return (self.text + "\n" + "".join(s.print() for s in self.signatures)).encode("utf-8")

    def with_signature(self, line: SignatureLine) -> "Note":
        """The note with one more line; a line that is there already is not repeated."""
        if line in self.signatures:
            return self
        return Note(text=self.text, signatures=(*self.signatures, line))


def check_text(text: str) -> None:
    """Raise ValueError unless `text` can be the text of a note."""
    if not text.endswith("\n") or _CONTROL.search(text.replace("\n", "")):
        raise ValueError("note text: must end in a newline and hold no other control character")


def parse_note(data: bytes) -> Note:
    """The note in `data`, no signature checked. Raises PartyError for anything else."""
    try:
        note = _parse(data)
    except (ValueError, PartyError) as fault:
        raise PartyError(f"note: {fault}", evidence=data[:NOTE_SIZE_MAX]) from None
    if note.print() != data:
        raise PartyError("note: is not written as a signed note is", evidence=data)
    return note


def _parse(data: bytes) -> Note:
    """The note in `data`; ValueError or PartyError says what is wrong with it."""
    if len(data) > NOTE_SIZE_MAX:
        raise ValueError(f"has {len(data)} bytes, more than the {NOTE_SIZE_MAX} allowed")
    text, blank, tail = data.decode("utf-8").rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise ValueError("has no empty line with signature lines under it")
    check_text(text + "\n")
    lines = tail[:-1].split("\n")
    if len(lines) > SIGNATURES_MAX:
        raise ValueError(f"has more than {SIGNATURES_MAX} signatures")
    return Note(text=text + "\n", signatures=tuple(_parse_line(line) for line in lines))


def _parse_line(line: str) -> SignatureLine:
    """One signature line without its newline."""
    parts = line.removeprefix(_DASH).split(" ")
    if not line.startswith(_DASH) or len(parts) != 2:
        raise ValueError(f"{line[:80]!r} is not a signature line")
    check_key_name(parts[0])
    blob = from_base64(parts[1], what=f"signature of {parts[0]}")
    if len(blob) <= KEY_ID_SIZE:
        raise ValueError(f"signature of {parts[0]} is empty")
    return SignatureLine(name=parts[0], key_id=blob[:KEY_ID_SIZE], signature=blob[KEY_ID_SIZE:])


def sign_text(text: str, *, name: str, signer: Signer) -> SignatureLine:
    """The Ed25519 signature line (type 0x01) of `name` under `text`."""
    check_text(text)
    key = NoteKey(name=name, type=ED25519, public_key=signer.public_key())
    return SignatureLine(name=name, key_id=key.id, signature=signer.sign(text.encode("utf-8")))


def lines_of(note: Note, key: NoteKey) -> tuple[SignatureLine, ...]:
    """The lines that claim to be by `key`: same name and id."""
    return tuple(s for s in note.signatures if s.name == key.name and s.key_id == key.id)


def check_note(note: Note, keys: Sequence[NoteKey], verifier_of: VerifierOf) -> tuple[NoteKey, ...]:
    """The Ed25519 keys among `keys` that signed the note, in the order given.

    Raises PartyError if a line of a known key does not verify (then nothing of the note holds),
    or if no known key signed. Lines of unknown keys are ignored, cosignatures are not looked at.
    """
    found: list[NoteKey] = []
    for key in keys:
        lines = lines_of(note, key) if key.type == ED25519 else ()
        verifier = verifier_of(key.public_key)
        for line in lines:
            if not verifier.verify(note.text.encode("utf-8"), line.signature):
                raise PartyError(
                    f"note: the signature of {key.name} does not fit the text; it is forged or a "
                    "byte was changed",
                    evidence=note.print(),
                )
        if lines:
            found.append(key)
    if not found:
        raise PartyError("note: no known key signed it; nothing in it holds", evidence=note.print())
    return tuple(found)
