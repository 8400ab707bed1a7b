"""What bench.py measures and how: HTTP servers for small boards, side by side, doing the same work.

`contenders` are the servers, `device/` is what runs in their processes (under CPython and MicroPython), the other
modules measure one thing each, and `report_*` show it.
"""
