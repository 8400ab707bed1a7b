"""Instructions of the processor per request, counted by valgrind: the same figure to the digit, whatever else runs.

Client and server take turns in one MicroPython. Counting two runs of different length and dividing the difference
leaves out the start; what the client takes is counted with the limit as with every server.
"""

import re
import shutil
from pathlib import Path

from .contenders import LIMIT
from .server_process import ServerError, ServerProcess

_VM = "micropython"
_KINDS = {
    "new": ("json", False),
    "kept": ("json", True),
    "file": ("file", False),
    "post": ("post", False),
}
_FEW = 20
_MANY = 60
_LIFE_SECONDS = 300
_HEAP = 16 * 1024 * 1024


def why_not():
    """Why it can't be done here; None when it can."""
    return (
        None
        if shutil.which("valgrind")
        else "valgrind is not installed (Debian: apt install valgrind)"
    )


def measure(contenders, setting):
    """{kind: {name: instructions per request, None where there is no such request, or a text that says why not}}"""
    found = {kind: {} for kind in _KINDS}
    for contender in contenders:
        for kind, (request, keep_alive) in _KINDS.items():
            setting.progress.step(f"instructions, {kind}: {contender.name}")
            if keep_alive and not contender.keep_alive:
                found[kind][contender.name] = None
                continue
            try:
                found[kind][contender.name] = _per_request(
                    contender, request, keep_alive, setting.files
                )
            except ServerError as error:
                found[kind][contender.name] = str(error)
    return found


def _per_request(contender, request, keep_alive, files):
    few, many = (_count(contender, request, keep_alive, count, files) for count in (_FEW, _MANY))
    return None if few is None or many is None else round((many - few) / (_MANY - _FEW))


def _count(contender, request, keep_alive, count, files):
    output = Path(files.folder) / "callgrind.out"
    options = {"keep_alive": keep_alive} if contender.name == LIMIT else {}
    wrapper = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={output}"]
    with ServerProcess(
        contender,
        _VM,
        "beside_requests",
        files.folder,
        _LIFE_SECONDS,
        _HEAP,
        options,
        wrapper,
        request=request,
        keep_alive=keep_alive,
        count=count,
        warm_up=5,
    ) as server:
        if server.result("requests").get("closes"):
            return None
        server.wait_for_end()
    total = re.search(r"^(?:totals|summary): (\d+)", output.read_text(), re.MULTILINE)
    if not total:
        raise ServerError("valgrind counted nothing")
    return int(total[1])
