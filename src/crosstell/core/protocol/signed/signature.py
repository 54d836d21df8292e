"""A party's detached signature of a protocol: a signed note (C2SP) over the digest.

Parties exchange it as a file before, or without, a node; it bears no time. It is no entry: in
force follows from `ProtocolSigned` in the feeds. The first line sets the text apart from every
other note, and each party signs a text that names it, so that no signature stands for another's.
Implements PRO-130 to PRO-133.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from crosstell.core.errors import CallerError, PartyError
from crosstell.core.ids import PartyId, check_id
from crosstell.core.protocol.digest import ProtocolDigest, check_digest
from crosstell.core.protocol.document import Protocol
from crosstell.core.record.note import (
    ED25519,
    Note,
    NoteKey,
    check_note,
    sign_text,
)
from crosstell.core.record.signing import Signer, VerifierOf, check_public_key

FIRST_LINE = "crosstell/protocol-signature/v1"
KEY_PREFIX = "crosstell/protocol/"
_WORDS = ("digest", "name", "version", "party")


def signature_key(party: PartyId, public_key: bytes) -> NoteKey:
    """The key under which a party signs protocols, and nothing else."""
    check_id(party, what="party")
    return NoteKey(name=KEY_PREFIX + party, type=ED25519, public_key=public_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolSignature:
    """That `party` signs the document of this digest; name and version are for the reader."""

    digest: ProtocolDigest
    name: str
    version: str
    party: PartyId

    def __post_init__(self) -> None:
        """Refuse what names no document or nobody."""
        check_digest(self.digest, what="digest")
        for word in _WORDS[1:]:
            check_id(getattr(self, word), what=word)

    def text(self) -> str:
        """The note text."""
        lines = (FIRST_LINE, *(f"{word} {getattr(self, word)}" for word in _WORDS))
        return "".join(f"{line}\n" for line in lines)


def signature_of(protocol: Protocol, digest: ProtocolDigest, party: PartyId) -> ProtocolSignature:
    """What that party signs; CallerError unless the document names it as one that owes duties."""
    if party not in protocol.signers:
        raise CallerError(
            f"{party!r} is no party of {protocol.name} that owes duties; "
            f"it is signed by {', '.join(protocol.signers)}"
        )
    return ProtocolSignature(
        digest=digest, name=protocol.name, version=protocol.version, party=party
    )


def sign_protocol(signature: ProtocolSignature, signer: Signer) -> Note:
    """The signature as a note."""
    text = signature.text()
    key = signature_key(signature.party, signer.public_key())
    return Note(text=text, signatures=(sign_text(text, name=key.name, signer=signer),))


def parse_signature(text: str) -> ProtocolSignature:
    """What a note text says; PartyError for any other text."""
    lines = text.split("\n")
    if len(lines) != len(_WORDS) + 2 or lines[0] != FIRST_LINE or lines[-1]:
        raise PartyError(f"is no signature of a protocol; its first line is {FIRST_LINE}")
    found: dict[str, str] = {}
    for word, line in zip(_WORDS, lines[1:], strict=False):
        name, _, value = line.partition(" ")
        if name != word:
            raise PartyError(f"is no signature of a protocol: {line[:80]!r} is not its {word}")
        found[word] = value
    try:
        signature = ProtocolSignature(
            digest=ProtocolDigest(found["digest"]),
            name=found["name"],
            version=found["version"],
            party=PartyId(found["party"]),
        )
    except ValueError as fault:
        raise PartyError(f"is no signature of a protocol: {fault}") from None
    return signature


def signer_of(
    note: Note, protocol: Protocol, digest: ProtocolDigest, keys: Sequence[NoteKey]
) -> tuple[PartyId, NoteKey]:
    """Whose signature the note is said to be, and the known key it must verify under.

    PartyError if it is of another document or of no party of this one; CallerError if its party's
    key was not given.
    """
    said = parse_signature(note.text)
    if said.digest != digest:
        raise PartyError(
            f"signs the digest {said.digest[:16]}..., not {digest[:16]}... of this document; it is "
            "of another version, or a figure was changed since. Compare with protocol diff"
        )
    wanted = signature_of(protocol, digest, said.party) if said.party in protocol.signers else None
    if said != wanted:
        raise PartyError(
            f"is said to be by {said.party!r} of {said.name} {said.version}; the document names no "
            "such party, name or version"
        )
    for key in keys:
        if key.name == KEY_PREFIX + said.party:
            return said.party, key
    raise CallerError(
        f"is said to be by {said.party}, and no key of {said.party} was given; ask that party for "
        "the line that `crosstell protocol key` prints, and compare its fingerprint by voice"
    )


def check_keys(keys: Sequence[NoteKey], protocol: Protocol) -> None:
    """Raise CallerError unless each key is of a party of its own, and each party has one."""
    for index, key in enumerate(keys):
        party = key.name.removeprefix(KEY_PREFIX)
        if key.name == party or party not in protocol.signers or key.type != ED25519:
            raise CallerError(
                f"key {key.name}: is not the protocol key of a party that owes duties; "
                f"one of those is called {KEY_PREFIX}{protocol.signers[0]}"
            )
        for earlier in keys[:index]:
            if earlier.name == key.name:
                raise CallerError(f"key {key.name}: is given twice; give one key for each party")
            if earlier.public_key == key.public_key:
                raise CallerError(
                    f"key {key.name}: is the same key as that of {earlier.name}; two parties never "
                    "share a key, ask both again"
                )
        check_public_key(key.public_key, what=f"key {key.name}")


def verified_signer(
    note: Note,
    protocol: Protocol,
    digest: ProtocolDigest,
    keys: Sequence[NoteKey],
    verifier_of: VerifierOf,
) -> PartyId:
    """The party whose signature this is, verified under its known key; raises if it is none."""
    party, key = signer_of(note, protocol, digest, keys)
    check_note(note, (key,), verifier_of)
    return party
