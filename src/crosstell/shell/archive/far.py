"""How far long work has come, as it is told to whoever waits for it."""

from collections.abc import Callable

Tell = Callable[[int, int], None]  # so many of so many are done


def untold(_done: int, _of: int) -> None:
    """Nobody waits for it."""
