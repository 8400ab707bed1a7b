"""Without a server: tells how much of MicroPython's heap an import takes, and which files it loads."""

import gc
import sys


def begin(spec, report):
    if spec["before"]:
        __import__(spec["before"])
    gc.collect()
    before = gc.mem_alloc()
    __import__(spec["module"])
    gc.collect()
    files = [getattr(module, "__file__", "") for module in sys.modules.values()]
    report("import", bytes=gc.mem_alloc() - before, files=files)
