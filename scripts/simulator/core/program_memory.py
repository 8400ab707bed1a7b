"""The program's share of MicroPython's heap: one piece, as on the board. It is taken before
anything else of the simulator is loaded, which so comes to lie behind it."""

import gc

_BLOCK = 32  # bytes of the smallest object, on 64 bits
_SPARE = 4  # blocks that filling leaves for its own objects

_piece = None
_filling = None


def take(size):
    global _piece
    _piece = bytearray(size)


def give():
    """Give the piece to the program, which finds nothing else free: all holes are filled."""
    global _piece, _filling
    gc.collect()
    filling = None
    for _ in range(gc.mem_free() // _BLOCK - _SPARE):
        filling = (filling,)
    _filling = filling
    _piece = None
