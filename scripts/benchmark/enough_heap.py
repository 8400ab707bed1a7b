"""Runs what a server must do with a Pico W's heap and, if it runs out of memory, with four times as much."""

from .load import WrongAnswer
from .server_process import HEAP, ServerError, ServerProcess

LARGE_HEAP = 4 * HEAP


def with_enough_heap(attempt, contender, setting, beside, seconds, **more):
    """(what `attempt(server)` returns, heap in bytes); ServerError with the reason when it fails with both heaps.

    The last arguments are ServerProcess's.
    """
    for heap in (HEAP, LARGE_HEAP):
        with ServerProcess(
            contender, setting.vm, beside, setting.files.folder, seconds, heap, **more
        ) as server:
            try:
                server.wait_until_listening()
                return attempt(server), heap
            except (ServerError, WrongAnswer) as error:
                reason = server.reason_for(error)
                # Some catch a MemoryError themselves and answer with an error.
                may_be_memory = isinstance(error, WrongAnswer) or "MemoryError" in reason
        if not may_be_memory:
            break
    raise ServerError(reason)


def heap_note(name, heap):
    return f"{name} failed with {HEAP >> 10} KB of heap and was given {heap >> 10} KB"
