"""A data logger for the Raspberry Pi Pico W.

app.py wires it. Each folder is a room; its __init__.py says what it is for.
"""

__version__ = "1.0.0"
