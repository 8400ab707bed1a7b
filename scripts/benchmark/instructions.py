"""Instructions of the processor per request, counted by valgrind: the same figure to the digit, whatever else runs.

Client and server take turns in one MicroPython. The difference of two runs of different length leaves out the start;
what the client takes is counted with the limit as with every server.
"""

import re
import shutil

from .server_process import ServerError, ServerProcess
from .topic import LOWER, Figure, Topic

# key of the figure: (title, request, over kept connections)
_KINDS = {
    "new": ("new connection", "json", False),
    "kept": ("keep-alive", "json", True),
    "file": ("30 KB file", "file", False),
    "post": ("8 KB POST", "post", False),
}
_FEW = 20
_MANY = 60
_LIFE_SECONDS = 300
_HEAP = 16 * 1024 * 1024


def why_not():
    """Why it can't be done here; None when it can."""
    if not shutil.which("valgrind"):
        return "valgrind is not installed (Debian: apt install valgrind)"
    return None


def _measure(contender, setting):
    found = {}
    for key, (_, request, keep_alive) in _KINDS.items():
        if contender.keep_alive or not keep_alive:
            few, many = (
                _count(contender, setting, request=request, keep_alive=keep_alive, count=count)
                for count in (_FEW, _MANY)
            )
            found[key] = None if few is None else round((many - few) / (_MANY - _FEW))
    return found


def _count(contender, setting, **more):
    output = setting.folder / "callgrind.out"
    wrapper = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={output}"]
    with ServerProcess(
        contender, "beside_requests", setting, _LIFE_SECONDS, _HEAP, wrapper, warm_up=5, **more
    ) as server:
        if "closes" in server.result("requests"):
            return None
        server.wait_for_end()
    total = re.search(r"^(?:totals|summary): (\d+)", output.read_text(), re.MULTILINE)
    if not total:
        raise ServerError("valgrind counted nothing")
    return int(total[1])


def _thousands(count):
    return f"{count / 1000:,.0f} k"


TOPIC = Topic(
    "instructions",
    "Instructions per request",
    "Thousands of instructions per request, client included (the same for all). Repeatable, whatever else the machine "
    "does; what the kernel does is not in them. Less is better.",
    tuple(Figure(key, title, LOWER, _thousands) for key, (title, _, _) in _KINDS.items()),
    _measure,
)
