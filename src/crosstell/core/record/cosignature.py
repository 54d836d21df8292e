"""Cosignatures (C2SP tlog-cosignature, Ed25519 v1) and the bracket of time they give.

A cosigner states: at this second, the largest consistent tree I have seen of this log has this
root. Its key is used for nothing else; the signature does not commit to its name, so one key under
two names would be one cosigner counted twice. Times are whole POSIX seconds by the cosigner's
clock. Implements REC-036 to REC-038, REC-070, REC-071.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.checkpoint import Checkpoint, parse_checkpoint
from crosstell.core.record.note import COSIGNATURE, Note, NoteKey, SignatureLine, lines_of
from crosstell.core.record.signing import SIGNATURE_SIZE, Signer, VerifierOf

TIME_SIZE = 8  # big-endian seconds before the signature
TIME_LIMIT = 2**63  # exclusive
COSIGNER_PREFIX = "crosstell-cosigner/"


def cosigner_key(feed: FeedId, public_key: bytes) -> NoteKey:
    """The key under which the owner of `feed` cosigns other feeds."""
    return NoteKey(name=COSIGNER_PREFIX + feed, type=COSIGNATURE, public_key=public_key)


def cosign(checkpoint: Checkpoint, *, name: str, signer: Signer, time_s: int) -> SignatureLine:
    """The line by which `name` states that it saw `checkpoint` at `time_s`.

    The caller has checked consistency with every checkpoint it cosigned before.
    """
    if not 0 <= time_s < TIME_LIMIT:
        raise ValueError(f"cosignature: time {time_s} s is outside 0 to 2**63 - 1")
    key = NoteKey(name=name, type=COSIGNATURE, public_key=signer.public_key())
    signature = time_s.to_bytes(TIME_SIZE, "big") + signer.sign(_message(checkpoint.text(), time_s))
    return SignatureLine(name=name, key_id=key.id, signature=signature)


def _message(text: str, time_s: int) -> bytes:
    """What a cosigner signs: header line, time line, the whole text of the note."""
    return f"cosignature/v1\ntime {time_s}\n{text}".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """A verified statement: `key` saw `checkpoint` at `time_s`, by its own clock."""

    checkpoint: Checkpoint
    key: NoteKey
    time_s: int


def check_cosignatures(
    note: Note, keys: Sequence[NoteKey], verifier_of: VerifierOf
) -> tuple[Cosigned, ...]:
    """What the known cosigners among `keys` stated, in the order of `keys`; () if none did.

    Raises PartyError if a line of a known cosigner does not verify, and if two names share a key.
    """
    cosigners = [key for key in keys if key.type == COSIGNATURE]
    if len({key.public_key for key in cosigners}) != len(cosigners):
        raise PartyError("cosignatures: one key under two names; a cosigner counts once")
    checkpoint = parse_checkpoint(note.text)
    found: list[Cosigned] = []
    for key in cosigners:
        verifier = verifier_of(key.public_key)
        for line in lines_of(note, key):
            time_s = int.from_bytes(line.signature[:TIME_SIZE], "big")
            good = len(line.signature) == TIME_SIZE + SIGNATURE_SIZE and time_s < TIME_LIMIT
            message = _message(note.text, time_s)
            if not good or not verifier.verify(message, line.signature[TIME_SIZE:]):
                raise PartyError(
                    f"cosignature of {key.name} does not fit the checkpoint; it is forged or a "
                    "byte was changed",
                    evidence=note.print(),
                )
            found.append(Cosigned(checkpoint=checkpoint, key=key, time_s=time_s))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeClaim:
    """A time that someone other than the author stated, in POSIX seconds by their clock."""

    by: str
    time_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bracket:
    """An entry was made between two times; None where nothing bounds that side.

    `lower_by` and `upper_by` name all whose clocks a side rests on: it holds as long as at most
    `liars_max` of them are wrong.
    """

    lower_s: int | None
    upper_s: int | None
    lower_by: tuple[str, ...]
    upper_by: tuple[str, ...]
    liars_max: int = 0


def bracket(
    *, committed: Sequence[TimeClaim], covering: Sequence[TimeClaim], liars_max: int = 0
) -> Bracket:
    """The provable time of an entry, from what others stated.

    `committed`: times that the entry commits to (directly or through `heads`), so that it was
    made after they were written. A cosignature that nothing in the entry commits to does not
    count: the entry may be older and have been held back. `covering`: cosignature times of
    checkpoints that hold the entry, so that it was made before them. The best `liars_max` of each
    side are set aside, so that so many wrong clocks cannot move it. A minute is never proved.
    """
    if liars_max < 0:
        raise ValueError(f"bracket: {liars_max} wrong clocks; give 0 or more")
    latest: dict[str, int] = {}
    for claim in committed:
        latest[claim.by] = max(claim.time_s, latest.get(claim.by, claim.time_s))
    earliest: dict[str, int] = {}
    for claim in covering:
        earliest[claim.by] = min(claim.time_s, earliest.get(claim.by, claim.time_s))
    lower = sorted(latest.values(), reverse=True)[liars_max:]
    upper = sorted(earliest.values())[liars_max:]
    return Bracket(
        lower_s=lower[0] if lower else None,
        upper_s=upper[0] if upper else None,
        lower_by=tuple(sorted(latest)),
        upper_by=tuple(sorted(earliest)),
        liars_max=liars_max,
    )
