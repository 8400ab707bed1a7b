"""Runs beside a server in MicroPython: makes requests of one kind and tells what they allocated.

`request` is json, file or post, `keep_alive` whether one connection serves all, `count` how many are measured after
`warm_up` others. `closes` is told instead when the server keeps no connection.
"""

import gc

from client import Client


def begin(spec, report):
    yield
    yield
    client = Client(spec["port"], spec["request"], spec["keep_alive"])
    ask = client.ask
    for _ in range(spec["warm_up"]):
        for _ in ask():
            yield
        if client.left_alone:
            report("requests", closes=True)
            return
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    for _ in range(spec["count"]):
        for _ in ask():
            yield
    bytes_allocated = gc.mem_alloc() - before
    report("requests", bytes=bytes_allocated, count=spec["count"], answer=client.length)
