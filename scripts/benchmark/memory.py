"""The smallest heap that serves, heap after import, bytecode.

Objects are about twice as large on a computer with 64 bits as on a board with 32.
"""

from . import modules
from .contenders import LIMIT
from .device import work
from .load import ask, is_right
from .server_process import ServerError, ServerProcess
from .topic import LOWER, Figure, Topic, size

_MIN_HEAP = 16 * 1024
_MAX_HEAP = 1024 * 1024
_LIFE_SECONDS = 60
_WORK = ("json", "file", "post") * 3  # what a heap must do for


def _measure(contender, setting):
    found = {"smallest_heap": _smallest_heap(contender, setting)}
    if contender.name != LIMIT:
        found |= _import(contender, setting)
    return found


def _import(contender, setting):
    more = {
        "without_server": True,
        "module": contender.entry,
        "before": contender.bundle,
        "below": str(modules.folder_of(contender)),
    }
    with ServerProcess(contender, "beside_import", setting, _LIFE_SECONDS, **more) as process:
        told = process.result("import")
    return {"import": told["heap"], "bytecode": told["bytecode"]}


def _smallest_heap(contender, setting):
    """The least heap in bytes with which all kinds of work are done; a text when no heap is enough."""
    low = high = _MIN_HEAP
    while not _serves(contender, high, setting):
        low, high = high, high * 2
        if high > _MAX_HEAP:
            return f"above {size(_MAX_HEAP)}"
    while high - low > setting.choose(1024, 16384):
        middle = (low + high) // 2
        if _serves(contender, middle, setting):
            high = middle
        else:
            low = middle
    return high


def _serves(contender, heap, setting):
    try:
        with ServerProcess(contender, "beside_serve", setting, _LIFE_SECONDS, heap) as server:
            server.wait_until_listening()
            return all(_works(server, name, setting) for name in _WORK)
    except ServerError:
        return False


def _works(server, name, setting):
    body = setting.body_of(name)
    return is_right(ask(server.port, work.request_of(name, False), body), body)


TOPIC = Topic(
    "memory",
    "Memory of MicroPython with 64 bits",
    "Objects are about half as large on a board. The smallest heap has room for the test program too (see the limit) and "
    "does all kinds of work, one client at a time. Heap after import and bytecode count what a server imports beyond "
    "CircuitPython's own modules, asyncio left out. Less is better.",
    (
        Figure("smallest_heap", "smallest heap that serves", LOWER, size),
        Figure("import", "heap after import", LOWER, size),
        Figure("bytecode", "bytecode", LOWER, size),
    ),
    _measure,
)
