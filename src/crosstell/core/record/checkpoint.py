"""Checkpoints (C2SP tlog-checkpoint): a feed's size and root, as a note signed by its online key.

The text is three lines: origin, size in decimal, root in base64. Crosstell writes no extension
lines and refuses them, because cosigners do not vouch for them. Implements REC-034, REC-035.
"""

from dataclasses import dataclass

from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.note import ED25519, Note, NoteKey, check_note, check_text, sign_text
from crosstell.core.record.signing import Signer, VerifierOf, from_base64, to_base64
from crosstell.core.record.tree import HASH_SIZE, SIZE_LIMIT

ORIGIN_PREFIX = "crosstell/"


def origin_of(feed: FeedId) -> str:
    """The origin line and key name of a feed."""
    return ORIGIN_PREFIX + feed


def log_key(feed: FeedId, public_key: bytes) -> NoteKey:
    """The key under which a feed's checkpoints are signed."""
    return NoteKey(name=origin_of(feed), type=ED25519, public_key=public_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The state of a log: `size` entries under `root`."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        """Refuse what cannot be printed."""
        if not self.origin or "\n" in self.origin:
            raise ValueError(f"checkpoint: origin {self.origin[:80]!r} must be one non-empty line")
        if not 0 <= self.size < SIZE_LIMIT or len(self.root) != HASH_SIZE:
            raise ValueError(
                f"checkpoint of {self.origin}: size {self.size} with a root of {len(self.root)} "
                "bytes cannot exist"
            )
        check_text(self.text())

    def text(self) -> str:
        """The note text."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint in a note text. Raises PartyError for anything else."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise PartyError("checkpoint: must have three lines: origin, size, root")
    origin, size, root = lines[:3]
    if not (size.isascii() and size.isdigit()) or len(size) > 16 or str(int(size)) != size:
        raise PartyError(f"checkpoint of {origin[:80]}: {size[:40]!r} is not a size")
    try:
        return Checkpoint(origin=origin, size=int(size), root=from_base64(root, what="root"))
    except ValueError as fault:
        raise PartyError(str(fault)) from None


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> Note:
    """The checkpoint as a note signed by the log under its origin."""
    text = checkpoint.text()
    line = sign_text(text, name=checkpoint.origin, signer=signer)
    return Note(text=text, signatures=(line,))


def check_checkpoint(note: Note, key: NoteKey, verifier_of: VerifierOf) -> Checkpoint:
    """The checkpoint in a note that the log's own key signed; PartyError otherwise."""
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != key.name:
        raise PartyError(
            f"checkpoint of {checkpoint.origin[:80]}, but {key.name} was expected",
            evidence=note.print(),
        )
    check_note(note, (key,), verifier_of)
    return checkpoint
