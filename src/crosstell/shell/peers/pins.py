"""Whose certificate is whose: by SHA-256 alone, with no authority behind it. TLS 1.3 only.

A party card names the SHA-256 of a line certificate. The bytes of the certificate are handed in,
or learned: whoever dials a party's port is shown the certificate, and one whose SHA-256 is pinned
is from then on also taken at our own port. A certificate that is not pinned ends the handshake
before anything is sent. Implements PEER-001 to PEER-003.
"""

import hashlib
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from crosstell.core.errors import CallerError
from crosstell.core.ids import PartyId

CERTIFICATE_SIZE_MAX = 16 * 1024  # bytes of DER
# X509_V_FLAG_NO_CHECK_TIME: what ends the trust in a certificate is a new card, not a calendar, so
# that a clock that is wrong cuts no line.
_NO_CHECK_TIME = ssl.VerifyFlags(0x200000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Our own line certificate and its key, as PEM files."""

    certificate: Path
    key: Path


class PinnedContext(ssl.SSLContext):
    """A client's context: no byte is sent to a server whose certificate is not the party's."""

    pins: "Pins"
    party: PartyId


class _PinnedSocket(ssl.SSLSocket):
    """A socket whose handshake fails unless the server's certificate is pinned for its party."""

    def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002 - as ssl has it
        """The handshake, then the comparison."""
        super().do_handshake(block)
        context = self.context
        assert isinstance(context, PinnedContext)
        shown = self.getpeercert(binary_form=True)
        if shown is None or not context.pins.learn(context.party, shown):
            self.close()
            raise ssl.SSLCertVerificationError(
                f"the certificate shown is not {context.party}'s: compare its card again"
            )


@dataclass(slots=True)
class Pins:
    """The pinned digests, in lower-case hex, by party; and the certificates known by them.

    A party may have two while it changes its certificate.
    """

    identity: Identity
    digests: Mapping[PartyId, frozenset[str]]
    _taken: set[str] = field(init=False, default_factory=set)
    _lock: Lock = field(init=False, default_factory=Lock)
    _door: ssl.SSLContext = field(init=False)

    def __post_init__(self) -> None:
        """Make our port's context, which takes nobody yet."""
        self._door = self._filled(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
        self._door.verify_mode = ssl.CERT_REQUIRED
        self._door.num_tickets = 0  # each connection proves its key anew

    def know(self, certificates: Iterable[bytes]) -> None:
        """Certificates handed over beside the cards; CallerError for one that nobody is pinned to.

        Without them a party is taken at our port once we have reached its own.
        """
        for der in certificates:
            party = self.party_of(digest_of(der))
            if party is None or not self.learn(party, der):
                raise CallerError(
                    f"certificate {digest_of(der)[:16]}...: no card names it; compare the card of "
                    "its party again, or take the file away"
                )

    def party_of(self, digest: str) -> PartyId | None:
        """Whose certificate has this digest."""
        return next((party for party, own in self.digests.items() if digest in own), None)

    def learn(self, party: PartyId, der: bytes) -> bool:
        """Whether it is that party's; if so its key is taken at our port from now on."""
        digest = digest_of(der)
        if digest not in self.digests.get(party, frozenset()) or len(der) > CERTIFICATE_SIZE_MAX:
            return False
        with self._lock:
            if digest not in self._taken:
                self._door.load_verify_locations(cadata=der)
                self._taken.add(digest)
        return True

    def taken(self, party: PartyId) -> bool:
        """Whether the party would be taken at our port."""
        return bool(self.digests.get(party, frozenset()) & self._taken)

    def door(self) -> ssl.SSLContext:
        """The context of our port: it asks for a certificate, and takes those that are known."""
        return self._door

    def dialling(self, party: PartyId) -> ssl.SSLContext:
        """The context with which that party is dialled."""
        context = PinnedContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # the handshake ends by the pin, in `_PinnedSocket`
        context.pins, context.party = self, party
        context.sslsocket_class = _PinnedSocket
        return self._filled(context)

    def _filled(self, context: ssl.SSLContext) -> ssl.SSLContext:
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_3
        context.options |= ssl.OP_NO_TICKET | ssl.OP_NO_COMPRESSION
        context.verify_flags |= _NO_CHECK_TIME | ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
        try:
            context.load_cert_chain(self.identity.certificate, self.identity.key)
        except (OSError, ssl.SSLError) as error:
            raise CallerError(
                f"{self.identity.certificate}: the line's certificate and key cannot be used "
                f"({error}); restore both files from their copy"
            ) from error
        return context


def digest_of(der: bytes) -> str:
    """The SHA-256 of a certificate, in hex."""
    return hashlib.sha256(der).hexdigest()
