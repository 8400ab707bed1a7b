"""The board itself: runs boot.py, safemode.py or the program of a drive, in CPython or MicroPython, until
simulate.py ends it.

Arguments: the port of simulate.py, a token that tells it which board this is, and in MicroPython
the bytes of the program's memory.
"""

import sys

sys.path.insert(0, __file__.rsplit("/", 1)[0].rsplit("\\", 1)[0])

if sys.implementation.name == "micropython":
    from core import program_memory

    program_memory.take(int(sys.argv[3]))
    from core import device_micropython as device
else:
    from core import device_python as device

from core import board_drive, card, clock, heap, host, link, lwip, power


def main():
    link.open_to(int(sys.argv[1]), sys.argv[2])
    clock.begin()
    board_drive.open_drive()
    card.begin()
    device.start()
    lwip.begin()
    path = (
        power.kept.pop("next_program", None) or power.program
        if power.phase == "code"
        else "/" + power.phase + ".py"
    )
    try:
        board_drive.drive.stat(path)
    except OSError:
        link.finish("missing")
    heap.begin()
    try:
        device.run(path)
    except SystemExit:
        pass
    except BaseException as exception:
        text = host.format_exception(exception)
        print(text, end="")
        link.finish("error", text)
    link.finish("done")


main()
