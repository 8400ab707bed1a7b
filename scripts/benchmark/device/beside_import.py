"""Without a server: tells how much of MicroPython's heap an import takes, and the size of the files it loads."""

import gc
import os
import sys


def begin(spec, report):
    if spec["before"]:
        __import__(spec["before"])
    gc.collect()
    before = gc.mem_alloc()
    __import__(spec["module"])
    gc.collect()
    heap = gc.mem_alloc() - before
    files = [getattr(module, "__file__", "") for module in sys.modules.values()]
    sizes = [os.stat(file)[6] for file in files if file.startswith(spec["below"])]
    report("import", heap=heap, bytecode=sum(sizes))
