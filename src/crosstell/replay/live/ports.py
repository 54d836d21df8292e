"""Ports of this machine for nodes that are about to start."""

import contextlib
import secrets
import socket

LOOPBACK = "127.0.0.1"
# Below what systems give to outgoing connections by themselves (32768 and up on Linux, 49152 and up
# by RFC 6335): between the look and the start no connection can come to stand there.
LOWEST, HIGHEST = 20_000, 32_767
TRIES_MAX = 1_000


def free_ports(count: int) -> list[int]:
    """So many different ports of the loopback that nothing listened at a moment ago.

    Raises OSError where none is found in a thousand tries.
    """
    with contextlib.ExitStack() as held:
        found: list[int] = []
        for _ in range(TRIES_MAX):
            if len(found) == count:
                break
            port = LOWEST + secrets.randbelow(HIGHEST - LOWEST + 1)
            with contextlib.suppress(OSError):
                held.enter_context(socket.create_server((LOOPBACK, port)))
                found.append(port)
    if len(found) < count:
        raise OSError(f"no {count} free ports of {LOOPBACK} from {LOWEST} to {HIGHEST}")
    return found
