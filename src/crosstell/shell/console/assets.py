"""The console's files as they are served: which there are, of what type, under which policy.

Every file is in the package. The page loads nothing but these and talks to nothing but its own
node: the policy below says so to the browser. Implements CON-001 to CON-003.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

STATIC = Path(__file__).parent / "static"
INDEX = "index.html"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; media-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), usb=()"),
)
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file to be served. `etag` is of its bytes, quoted as the header needs it."""

    name: str
    media_type: str
    etag: str
    body: bytes


def asset(name: str) -> Asset | None:
    """The file of that name (`app/main.js`), or None: no such file, or not one of the console's.

    The empty name is the page itself.
    """
    return _all().get(name or INDEX)


def names() -> tuple[str, ...]:
    """Every file that is served, in order."""
    return tuple(sorted(_all()))


@cache
def _all() -> dict[str, Asset]:
    """Read once: the files of an installed package do not change."""
    found = {}
    for path in STATIC.rglob("*"):
        if path.is_file() and path.suffix in MEDIA_TYPES:
            name = PurePosixPath(path.relative_to(STATIC).as_posix()).as_posix()
            body = path.read_bytes()
            found[name] = Asset(
                name=name,
                media_type=MEDIA_TYPES[path.suffix],
                etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"',
                body=body,
            )
    return found
