"""The certificate of a party's end of the line: self-signed, known by its SHA-256 alone.

No authority stands behind it and none could vouch for it wrongly: it is on the party card, whose
fingerprint two persons compare.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from crosstell.core.errors import CallerError
from crosstell.core.ids import PartyId
from crosstell.core.record.signing import to_base64

LASTS = timedelta(days=3_650)  # it is replaced with a new card, not by running out on a watch
EARLY = timedelta(days=1)  # the other party's clock may be behind
_SIZE_MAX = 64 * 1024


def make_certificate(party: PartyId, certificate: Path, key: Path, now: datetime) -> str:
    """A new key and its certificate are on disk; the certificate as a card holds it."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"crosstell {party}")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLY)
        .not_valid_after(now + LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        certificate.parent.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secret)
        certificate.write_bytes(made.public_bytes(Encoding.PEM))
    except OSError as error:
        raise CallerError(
            f"{key}: the key of the line cannot be written ({error.strerror}); name a folder that "
            "you may write to and that has none yet"
        ) from error
    return to_base64(made.public_bytes(Encoding.DER))


def read_certificate(certificate: Path) -> str:
    """The certificate in a PEM file as a card holds it."""
    try:
        with certificate.open("rb") as file:
            found = x509.load_pem_x509_certificate(file.read(_SIZE_MAX))
    except (OSError, ValueError) as error:
        raise CallerError(
            f"{certificate}: no certificate can be read ({error}); restore it, or make a new card"
        ) from error
    return to_base64(found.public_bytes(Encoding.DER))
