"""The console's files: right types, ETags, ranges, and a policy under which nothing else loads.

No session is needed to load them, since they hold no datum. Implements API-060 to API-063.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from crosstell.shell.api.problems import Unmet, response_of

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; media-src 'self'; "
    "manifest-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'"
)
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".geojson": "application/json",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".pbf": "application/x-protobuf",
    ".pmtiles": "application/vnd.pmtiles",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
INDEX = "index.html"
# What is under this policy a browser runs in no process with what is not: the window for printing
# and the papers in it, beside the console's own page. Implements CON-760.
APART = {"Cross-Origin-Embedder-Policy": "require-corp"}
PATH_LENGTH_MAX = 512


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one folder, and no others."""

    folder: Path

    async def __call__(self, request: Request) -> Response:
        """The file that the path names; the folder's index for the bare address."""
        name = request.path_params.get("path", "") or INDEX
        found = await anyio.to_thread.run_sync(self.find, name)
        if found is None:
            return response_of(Unmet("not-found", "the console has no such file").problem)
        path, status = found
        response = FileResponse(path, media_type=TYPES[path.suffix], stat_result=status)
        response.headers["ETag"] = tag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Content-Security-Policy"] = POLICY
        if path.name != INDEX:
            response.headers.update(APART)
        asked = request.headers.get("If-None-Match", "")
        if tag in (one.strip().removeprefix("W/") for one in asked.split(",")):
            kept = ("etag", "cache-control", "content-security-policy")
            return Response(
                status_code=304, headers={name: response.headers[name] for name in kept}
            )
        return response

    def find(self, name: str) -> tuple[Path, os.stat_result] | None:
        """The regular file of that name below the folder, if it is of a kind that is served.

        No link is followed, no hidden name is served.
        """
        parts = PurePosixPath(name).parts
        plain = all(part[0] != "." and "\\" not in part and "\0" not in part for part in parts)
        if not parts or len(name) > PATH_LENGTH_MAX or name.startswith("/") or not plain:
            return None
        path, status = self.folder, None
        try:
            for part in parts:
                path /= part
                status = path.lstat()
                if stat.S_ISLNK(status.st_mode):
                    return None
        except (OSError, ValueError):
            return None
        if status is None or not stat.S_ISREG(status.st_mode) or path.suffix not in TYPES:
            return None
        return path, status
