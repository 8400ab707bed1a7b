"""Memory, under MicroPython: bytes a request allocates, heap after import, smallest heap that serves, bytecode.

Objects are about twice as large on a computer with 64 bits as on a board with 32.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import modules
from .contenders import LIMIT
from .load import WrongAnswer, check_work
from .server_process import ServerError, ServerProcess

_VM = "micropython"
_AMPLE_HEAP = 64 * 1024 * 1024
_LEAST_HEAP = 16 * 1024
_MOST_HEAP = 1024 * 1024
_LIFE_SECONDS = 60
_WARM_UP_REQUESTS = 10
_WORKERS = 2
_TIMES = 3  # that a heap must do for all kinds of work


def measure(contenders, setting):
    """{name: {"request", "request_kept", "file", "import", "bytecode", "smallest_heap": bytes or None, "problems"}}"""

    def one(contender):
        found = {"problems": []}
        _allocations(contender, setting, found)
        if contender.is_peer:
            _import(contender, setting.files, found)
        found["smallest_heap"] = _smallest_heap(contender, setting)
        setting.progress.step(f"memory: {contender.name}")
        return contender.name, found

    with ThreadPoolExecutor(_WORKERS) as pool:
        return dict(pool.map(one, contenders))


def _allocations(contender, setting, found):
    for key, request, keep_alive in (
        ("request", "json", False),
        ("request_kept", "json", True),
        ("file", "file", False),
    ):
        found[key] = None
        if keep_alive and not contender.keep_alive:
            continue
        options = {"keep_alive": keep_alive} if contender.name == LIMIT else {}
        with ServerProcess(
            contender,
            _VM,
            "beside_requests",
            setting.files.folder,
            _LIFE_SECONDS,
            _AMPLE_HEAP,
            options,
            request=request,
            keep_alive=keep_alive,
            count=setting.plan.requests_counted,
            warm_up=_WARM_UP_REQUESTS,
        ) as server:
            try:
                result = server.result("requests")
                if not result.get("closes"):
                    found[key] = round(result["bytes"] / result["count"])
            except ServerError as error:
                found["problems"].append(f"{request}: {error}")


def _import(contender, files, found):
    found["import"] = found["bytecode"] = None
    with ServerProcess(
        contender,
        _VM,
        "beside_import",
        files.folder,
        _LIFE_SECONDS,
        _AMPLE_HEAP,
        without_server=True,
        module=contender.module,
        before=_BEFORE.get(contender.name, ()),
    ) as server:
        try:
            result = server.result("import")
        except ServerError as error:
            found["problems"].append(f"import: {error}")
            return
    own = modules.folder_of(contender, _VM)
    files = [Path(file) for file in result["files"] if file.startswith(str(own))]
    found["import"] = result["bytes"]
    found["bytecode"] = sum(file.stat().st_size for file in files)


_BEFORE = {"microdot": ("asyncio",)}


def _smallest_heap(contender, setting):
    """The least heap in bytes with which all kinds of work are done, to the plan's resolution; None above a MB."""
    low, high = _LEAST_HEAP, _LEAST_HEAP
    while not _serves(contender, high, setting.files):
        low, high = high, high * 2
        if high > _MOST_HEAP:
            return None
    while high - low > setting.plan.heap_resolution:
        middle = (low + high) // 2
        if _serves(contender, middle, setting.files):
            high = middle
        else:
            low = middle
    return high


def _serves(contender, heap, files):
    with ServerProcess(contender, _VM, "beside_serve", files.folder, _LIFE_SECONDS, heap) as server:
        try:
            server.wait_until_listening()
            for _ in range(_TIMES):
                check_work(server.port, files.data, timeout=5)
        except (ServerError, WrongAnswer):
            return False
        return True
