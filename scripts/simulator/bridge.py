"""What CPython adds to the MicroPython that runs in the same process: answers about sockets, for
which MicroPython has no call, and news of its heap, for which it has no hook.

MicroPython calls its own functions through a table of addresses; an entry of it can be replaced by
a function of ctypes. That is so on Linux; elsewhere `build()` gives None and the simulator knows
less. core/host_micropython.py is the other end.
"""

import collections
import ctypes
import importlib.util
import json
import os
import re
import select
import sys

import kernel_sockets

LARGE = 1024  # bytes of an allocation that is reported, and more
_LIBRARY = "micropython_run"
_READ_WRITE = 3
_WORD = ctypes.sizeof(ctypes.c_size_t)
_MOST_FRAMES = 64  # of the C stack
_FRAMES_SHOWN = 4
# Functions that say nothing about who wants memory.
_COMMON = re.compile(r"^(m_|gc_|mp_call_|mp_execute_bytecode|fun_|closure_|gen_|main_|_Z)")

_Ask = ctypes.CFUNCTYPE(ctypes.c_size_t, ctypes.c_size_t)
_IsLocked = ctypes.CFUNCTYPE(ctypes.c_bool)
_Alloc = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_size_t, ctypes.c_uint)
_Realloc = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_bool)


class _Symbol(ctypes.Structure):
    """Dl_info of dlfcn.h."""

    _fields_ = (
        ("file", ctypes.c_char_p),
        ("base", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("address", ctypes.c_void_p),
    )


def build(allocations):
    """The Bridge to the MicroPython of this process, before it starts; None where there can't be
    one. allocations: report each that is larger than LARGE."""
    if sys.platform != "linux":
        return None
    file = importlib.util.find_spec(_LIBRARY).origin
    try:
        return Bridge(ctypes.CDLL(file), os.path.basename(file), allocations)
    except (AttributeError, LookupError):  # another build of MicroPython
        return None


class Bridge:
    """`address` is what MicroPython calls: a function that takes and returns one of its small
    integers, file number * 4 + question."""

    def __init__(self, library, name, allocations):
        self._answers = (kernel_sockets.state, kernel_sockets.unacknowledged, self._tell)
        self._news = collections.deque()
        self._c = ctypes.CDLL(None)
        self._data = list(_data_of(name))
        self._kept = []  # what C code calls must not be collected
        for start, end in self._data:
            self._c.mprotect(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _READ_WRITE)
        self._replace(library.gc_is_locked, _IsLocked, self._failed)
        if allocations:
            self._replace(library.gc_alloc, _Alloc, self._alloc)
            self._replace(library.gc_realloc, _Realloc, self._realloc)
        answer = _Ask(self._answer)
        self._kept.append(answer)
        self.address = ctypes.cast(answer, ctypes.c_void_p).value

    # --- what MicroPython asks

    def _answer(self, asked):
        number, question = divmod(asked >> 1, 4)  # the lowest bit marks a small integer
        return self._answers[question](number) << 1 | 1

    def _tell(self, number):
        """Send the news to simulate.py as events, over the link's socket."""
        count = len(self._news)
        for _ in range(count):
            line = json.dumps(self._news.popleft()).encode() + b"\n"
            while line:
                try:
                    line = line[os.write(number, line) :]
                except BlockingIOError:
                    select.select([], [number], [], 1)
                except OSError:
                    return count
        return count

    # --- its heap

    def _replace(self, function, kind, replacement):
        """Let MicroPython call `replacement`, which gets the original first, for one of its
        functions. Raises LookupError where the table has no such entry."""
        address = ctypes.cast(function, ctypes.c_void_p).value
        original = kind(address)
        hook = kind(lambda *arguments: replacement(original, *arguments))
        self._kept += [original, hook]
        new = ctypes.cast(hook, ctypes.c_void_p).value
        found = 0
        for start, end in self._data:
            content = ctypes.string_at(start, end - start)
            at = content.find(address.to_bytes(_WORD, sys.byteorder))
            while at >= 0:
                if at % _WORD == 0:
                    ctypes.c_size_t.from_address(start + at).value = new
                    found += 1
                at = content.find(address.to_bytes(_WORD, sys.byteorder), at + 1)
        if not found:
            raise LookupError(function)

    def _failed(self, original):
        # m_malloc_fail, which raises MemoryError, asks this first, and nothing else does.
        self._news.append(["memory_error", self._who()])
        return original()

    def _alloc(self, original, size, flags):
        if size > LARGE:
            self._news.append(["allocation", size, self._who()])
        return original(size, flags)

    def _realloc(self, original, pointer, size, allow_move):
        # To grow it may ask for another piece, by the function above: one allocation, two calls.
        # What may not move asks for nothing: it grows where something is free behind it, or not.
        before = len(self._news)
        moved = original(pointer, size, allow_move)
        if size > LARGE and allow_move and len(self._news) == before:
            self._news.append(["allocation", size, self._who()])
        return moved

    def _who(self):
        """The innermost functions of MicroPython, in C, that are being called."""
        frames = (ctypes.c_void_p * _MOST_FRAMES)()
        names = []
        for frame in frames[: self._c.backtrace(frames, _MOST_FRAMES)]:
            symbol = _Symbol()
            known = self._c.dladdr(ctypes.c_void_p(frame), ctypes.byref(symbol))
            if known and symbol.name and _LIBRARY.encode() in symbol.file:
                name = symbol.name.decode()
                if not _COMMON.match(name):
                    names.append(name)
        return " < ".join(names[:_FRAMES_SHOWN])


def _data_of(name):
    """(start, end) of what the library of that name has in memory that isn't code."""
    with open("/proc/self/maps") as maps:
        for line in maps:
            addresses, rights, *_, file = line.split(maxsplit=5)
            if name in file and "x" not in rights:
                start, end = addresses.split("-")
                yield int(start, 16), int(end, 16)
