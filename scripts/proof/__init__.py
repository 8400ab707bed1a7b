"""What prove.py tries and measures. `device/` is what runs in MicroPython, the other modules try
one thing each and judge it."""
