"""`adafruit_bus_device`, which CircuitPython has built in."""
