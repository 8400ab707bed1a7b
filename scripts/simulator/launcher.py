"""Starts the interpreter of a simulated board in this process, which then ends when its parent
does.

Arguments: the parent's process number, cpython or micropython, bytes of heap, script, its
arguments. SIMULATOR_BRIDGE in the environment asks for a bridge to MicroPython ("allocations": one
that reports large allocations); the script finds its address there.
"""

import ctypes
import os
import runpy
import signal
import sys

_PR_SET_PDEATHSIG = 1
_BRIDGE = "SIMULATOR_BRIDGE"


def main():
    parent, interpreter, heap = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    command = sys.argv[4:]
    _end_with(parent)
    if interpreter == "micropython":
        import micropython_unix

        bridge = _bridge(os.environ.pop(_BRIDGE, None))
        sys.argv = ["micropython", "-X", f"heapsize={heap}", *command]
        code = micropython_unix.main()
        del bridge
        sys.exit(code)
    sys.argv = command
    sys.stdout.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)
    runpy.run_path(command[0], run_name="__main__")


def _bridge(wanted):
    if not wanted:
        return None
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import bridge

    built = bridge.build(allocations=wanted == "allocations")
    if built:
        os.environ[_BRIDGE] = str(built.address)
    return built


def _end_with(parent):
    """Linux ends this process with its parent; elsewhere the closed connection to the parent does
    (core.link)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)


main()
