"""What bench.py measures and how: HTTP servers for small boards, side by side, doing the same work.

`contenders` lists the servers, `device/` is what runs in their processes under MicroPython. `rates`, `crowd`, `memory` and
`faults` measure one topic each, and `tables` shows the figures.
"""
