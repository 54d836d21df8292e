"""The record as an archive: written beside the running node, packed, streamed, and swept away."""

import tarfile
import tempfile
from pathlib import Path
from typing import Any

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from crosstell.codecs.archive.files import Purpose
from crosstell.core.errors import Unavailable
from crosstell.shell.access.audit import Deed
from crosstell.shell.api.serving import Asked, Serving
from crosstell.shell.archive.export import Bodies, Choice

NAME = "record"


async def export(serving: Serving, asked: Asked) -> Response:
    """The archive, as a tar file, without what any entry says. In the audit before it is made.

    What entries say leaves as a numbered copy, or from the node's own machine. Implements API-041.
    """
    write = serving.settings.export
    if write is None:
        raise Unavailable("this node was assembled without its keys' folder; export by command")
    choice = Choice(purpose=Purpose.SHARED, bodies=Bodies.NONE)
    await serving.aside(
        serving.access.audit.note,
        asked.at,
        Deed.EXPORTED,
        by=asked.account.name,
        address=asked.address,
        about="record, without bodies",
    )
    folder: Any = tempfile.TemporaryDirectory(prefix="crosstell-")  # only we can read it
    packed = Path(folder.name) / f"{NAME}.tar"

    def made() -> None:
        write(Path(folder.name) / NAME, choice)
        with tarfile.open(packed, "w") as tar:
            tar.add(Path(folder.name) / NAME, arcname=NAME, filter=_plain)

    try:
        async with serving.heavy:
            await serving.aside(made)
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        packed,
        media_type="application/x-tar",
        filename=f"{NAME}.tar",
        background=BackgroundTask(folder.cleanup),
    )


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """The member without the names and numbers of this machine's accounts."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member
