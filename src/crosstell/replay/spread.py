"""Independent plays, spread over the machine's cores; the answers come back in order.

A play shares nothing with another, so where it runs changes nothing. Where the system cannot
fork, or has one core, they run here one after the other. Or one is played while something else
goes on, and leaves the cores to that.
"""

import gc
import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

from crosstell.core.errors import Unavailable
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

    Nothing waits for the process at the end, whether or not it has an answer, and no thread of ours
    serves it: what is forked later cannot hang on one. Implements RUN-524, RUN-525.
    """
    if not _can_fork():
        yield work
        return
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    worker = context.Process(target=_give_way, args=(work, there), daemon=True)
    worker.start()
    there.close()
    try:
        yield lambda: _answer(here)
    finally:
        worker.terminate()
        worker.join()
        here.close()


def _can_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods()


def _give_way(work: Callable[[], object], there: Connection) -> None:
    """What the forked process does: the work, after everything else, and ends when it is told."""
    for number in (signal.SIGTERM, signal.SIGINT):  # the command's own ways to end are not its
        signal.signal(number, signal.SIG_DFL)
    os.nice(BESIDE_NICE)
    gc.disable()
    try:
        there.send((work(), None))
    except Exception as error:  # noqa: BLE001 - it is raised where the answer is awaited
        error.add_note(traceback.format_exc())
        there.send((None, error))


def _answer(here: Connection) -> Any:  # noqa: ANN401 - what the work gave
    """The answer, or what went wrong instead."""
    try:
        found, error = here.recv()
    except EOFError:
        raise Unavailable("the process that played meanwhile has ended; play again") from None
    if error is not None:
        raise error
    return found


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
