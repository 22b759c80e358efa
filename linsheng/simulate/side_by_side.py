"""Several makers of batches at once, each in a process of its own; the process that started them writes what they make."""

import gc
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, cast

from django.db import connection

from linsheng.simulate.ledger import Batch

# More would wait for the one process that writes.
MOST = 3
Maker = Callable[[], Iterator[Batch]]


class MakerFailedError(RuntimeError):
    """A process that was to make batches ended without them."""


def processes() -> int:
    """How many makers this machine has room for: one, that is none beside the writer, where processes are not forked."""
    return min(MOST, len(os.sched_getaffinity(0))) if sys.platform == "linux" else 1


def made(makers: Sequence[Maker], count: int) -> Iterator[Batch]:
    """What all makers make, each one's batches in order; by ``count`` processes, or by this one if that is less than two."""
    count = min(count, len(makers))
    if count < 2:
        for maker in makers:
            yield from maker()
    else:
        yield from _made_beside([makers[first::count] for first in range(count)])


def _made_beside(shares: Sequence[Sequence[Maker]]) -> Iterator[Batch]:
    started = [_start(share) for share in shares]
    try:
        yield from _received([pipe for pipe, _process in started])
    finally:
        for pipe, process in started:
            pipe.close()
            process.terminate()
            process.join()


def _start(share: Sequence[Maker]) -> tuple[Connection, Any]:
    context = get_context("fork")
    reading, writing = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(share, writing), daemon=True)
    with warnings.catch_warnings():
        # Threads of numerical libraries sleep while this runs, and the new process calls none of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    writing.close()
    return reading, process


def _received(pipes: list[Connection]) -> Iterator[Batch]:
    while pipes:
        for pipe in cast(list[Connection], wait(pipes)):
            try:
                message = pipe.recv()
            except EOFError:
                raise MakerFailedError("a process that makes demo cases was ended") from None
            if isinstance(message, str):
                raise MakerFailedError(message)
            if message is None:
                pipes.remove(pipe)
            else:
                yield message


def _work(share: Sequence[Maker], pipe: Connection) -> None:
    """In the new process. The connection to the database belongs to the one that started it: nothing may be asked here."""
    connection.execute_wrappers.append(_refuse)
    # What was there before is shared: the collector would copy it by looking through it.
    gc.freeze()
    # Ctrl-C reaches everybody: the one that started this ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        for maker in share:
            for batch in maker():
                pipe.send(batch)
        pipe.send(None)
    except BrokenPipeError:
        return
    except Exception:  # noqa: BLE001  # whatever it is, it is raised again where the batches are awaited
        pipe.send(traceback.format_exc())


def _refuse(*args: Any) -> None:
    raise RuntimeError("What makes cases beside the writer must not ask the database.")
