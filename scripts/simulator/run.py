"""The board itself: runs boot.py or the program of a drive, in CPython or MicroPython, until
simulate.py ends it.

Arguments: the port of simulate.py and a token that tells it which board this is.
"""

import sys

sys.path.insert(0, __file__.rsplit("/", 1)[0].rsplit("\\", 1)[0])

if sys.implementation.name == "micropython":
    import gc

    gc.threshold(2000)  # keeps what the simulator loads together, so that the rest is one piece
    from core import device_micropython as device
else:
    from core import device_python as device

from core import board_drive, clock, heap, host, link, lwip, power


def main():
    link.open_to(int(sys.argv[1]), sys.argv[2])
    clock.begin()
    board_drive.open_drive()
    device.start()
    heap.begin()
    lwip.begin()
    link.report("started", host.heap_used())
    if power.phase == "measure":
        link.finish("done")
    path = (
        "/boot.py"
        if power.phase == "boot"
        else power.kept.pop("next_program", None) or power.program
    )
    try:
        board_drive.drive.stat(path)
    except OSError:
        link.finish("missing")
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
