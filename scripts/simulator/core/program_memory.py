"""The program's share of MicroPython's heap: one piece, as on the board. It is taken before
anything else of the simulator is loaded, which so comes to lie behind it.

The interpreter keeps names in tables of 10, 20, 40, ... of them, each a piece of the heap. Which of
them a program causes depends on how many names there are before it: here the simulator's, on the
board only those of the firmware. So the next table is made for the simulator, and a program that
has modules gives as much of its piece as the tables on the board take of it.
"""

import gc

_BLOCK = 32  # bytes of the smallest object, on 64 bits
_SPARE = 4  # blocks that filling leaves for its own objects
_NEXT_TABLE = 8192  # bytes, at least; it has room for 1,280 names
_MAX_NAMES_BEFORE_IT = 1280
_NAMES_BYTES = 7760  # on the board: 1,270 names with 6 bytes each, seven headers of 20

_piece = None
_filling = None
_names = None


def take(size):
    global _piece
    _piece = bytearray(size)


def give():
    """Give the piece to the program, which finds nothing else free: all holes are filled."""
    global _piece, _filling
    _make_next_table()
    gc.collect()
    filling = None
    for _ in range(gc.mem_free() // _BLOCK - _SPARE):
        filling = (filling,)
    _filling = filling
    _piece = None


def take_names(percent):
    """Take what the board's tables of names take of the program's memory. percent: of the bytes
    here that the same objects take on the board."""
    global _names
    _names = bytearray(_NAMES_BYTES * 100 // percent)


def _make_next_table():
    gc.collect()
    gc.disable()  # a collection would hide how much a table takes
    try:
        for number in range(_MAX_NAMES_BEFORE_IT):
            before = gc.mem_alloc()
            getattr(gc, "_n%d" % number, None)  # has to know the name to look for it
            if gc.mem_alloc() - before > _NEXT_TABLE:
                return
    finally:
        gc.enable()
    raise RuntimeError("the interpreter keeps its names in another way")
