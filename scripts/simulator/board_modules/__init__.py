"""Stand-ins for modules of CircuitPython 10.3 on the Pico W, one file each, named as there.

They are written in the language of the board, so that CPython and MicroPython run the same ones.
Public names and parameters agree with the package circuitpython-stubs; what they do follows
CircuitPython's documentation and sources.
"""
