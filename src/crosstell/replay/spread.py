"""Independent plays, spread over the machine's cores; the answers come back in order.

A play shares nothing with another, so where it runs changes nothing. Where the system cannot
fork, or has one core, they run here one after the other. Or one is played while something else
goes on, and leaves the cores to that.
"""

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Generic, TypeVar

from crosstell.shell.archive.far import Tell

TaskT = TypeVar("TaskT")
AnswerT = TypeVar("AnswerT")

WORKERS_MAX = 8
BESIDE_NICE = 10  # of 19: whatever else wants a core goes before


class _Held(Generic[TaskT, AnswerT]):
    """What a forked worker inherits instead of being sent."""

    work: Callable[[int], object] | None = None


def spread(
    work: Callable[[TaskT], AnswerT],
    tasks: Sequence[TaskT],
    tell: Tell,
) -> list[AnswerT]:
    """`work` of every task, in the order of the tasks; `tell` is told how many of how many."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    workers = min(cores, len(tasks), WORKERS_MAX)
    if workers < 2 or not _can_fork():
        return _counted(map(work, tasks), len(tasks), tell)
    _Held.work = lambda index: work(tasks[index])
    gc.freeze()  # what is already here is left alone by the workers' collectors
    try:
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(max_workers=workers, mp_context=context) as pool:
            answers: Iterator[AnswerT] = pool.map(_at, range(len(tasks)))  # type: ignore[arg-type]
            return _counted(answers, len(tasks), tell)
    finally:
        gc.unfreeze()
        _Held.work = None


@contextmanager
def beside(work: Callable[[], AnswerT]) -> Iterator[Callable[[], AnswerT]]:
    """`work` is done meanwhile, by a process that everything else goes before; what is yielded
    waits for its answer. Where the system cannot fork, it does the work.
    """
    if not _can_fork():
        yield work
        return
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_give_way) as pool:
        _Held.work = lambda _index: work()
        try:
            asked = pool.submit(_at, 0)  # forks
        finally:
            _Held.work = None
        yield asked.result  # type: ignore[misc]


def _can_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods()


def _give_way() -> None:
    os.nice(BESIDE_NICE)


def _counted(answers: Iterator[AnswerT], of: int, tell: Tell) -> list[AnswerT]:
    """The answers as they come."""
    found = []
    for answer in answers:
        found.append(answer)
        tell(len(found), of)
    return found


def _at(index: int) -> object:
    assert _Held.work is not None, "a worker is forked while the work is held"
    gc.disable()  # a worker lives for a few plays and ends; its garbage ends with it
    return _Held.work(index)
