"""Bytes a request allocates, heap after import, the smallest heap that serves, bytecode.

Objects are about twice as large on a computer with 64 bits as on a board with 32.
"""

from pathlib import Path

from . import modules
from .contenders import LIMIT
from .load import check_work
from .server_process import ServerError, ServerProcess
from .topic import LOWER, Figure, Topic, size

_AMPLE_HEAP = 64 * 1024 * 1024
_MIN_HEAP = 16 * 1024
_MAX_HEAP = 1024 * 1024
_LIFE_SECONDS = 60
_TIMES = 3  # that a heap must do for all kinds of work


def _measure(contender, setting):
    found = {"request": _per_request(contender, setting, "json", False)}
    if contender.keep_alive:
        found["request_kept"] = _per_request(contender, setting, "json", True)
    found["file"] = _per_request(contender, setting, "file", False)
    if contender.name != LIMIT:
        found |= _import(contender, setting)
    found["smallest_heap"] = _smallest_heap(contender, setting)
    return found


def _per_request(contender, setting, request, keep_alive):
    count = setting.choose(200, 50)
    more = {"request": request, "keep_alive": keep_alive, "count": count, "warm_up": 10}
    with ServerProcess(
        contender, "beside_requests", setting, _LIFE_SECONDS, _AMPLE_HEAP, **more
    ) as server:
        result = server.result("requests")
    return None if "closes" in result else round(result["bytes"] / count)


def _import(contender, setting):
    more = {"without_server": True, "module": contender.entry, "before": contender.bundle}
    with ServerProcess(
        contender, "beside_import", setting, _LIFE_SECONDS, _AMPLE_HEAP, **more
    ) as server:
        result = server.result("import")
    own = str(modules.folder_of(contender))
    files = [Path(file) for file in result["files"] if file.startswith(own)]
    return {
        "import": result["bytes"],
        "bytecode": sum(file.stat().st_size for file in files),
    }


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
    with ServerProcess(contender, "beside_serve", setting, _LIFE_SECONDS, heap) as server:
        try:
            server.wait_until_listening()
            for _ in range(_TIMES):
                check_work(server.port, setting)
        except ServerError:
            return False
        return True


TOPIC = Topic(
    "memory",
    "Memory of MicroPython with 64 bits",
    "Bytes allocated include the socket's; objects are about half as large on a board. Heap and bytecode count what a "
    "server imports beyond CircuitPython's own modules, asyncio left out. The smallest heap has room for the test "
    "program too (see the limit) and does all kinds of work, one client at a time.",
    (
        Figure("request", "per request", LOWER, size),
        Figure("request_kept", "per kept request", LOWER, size),
        Figure("file", "per 30 KB file", LOWER, size),
        Figure("import", "heap after import", LOWER, size),
        Figure("smallest_heap", "smallest heap that serves", LOWER, size),
        Figure("bytecode", "bytecode", LOWER, size),
    ),
    _measure,
)
