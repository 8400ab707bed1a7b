"""How large the drives of the boards are. Imported before the version of Python is checked: older ones must read it."""

# The rest of the flash is CircuitPython's own: 1536 KB for the firmware, 4 KB for microcontroller.nvm.
FIRMWARE_KILOBYTES = 1540
KILOBYTES = {"pico-w": 2048 - FIRMWARE_KILOBYTES, "pico-2-w": 4096 - FIRMWARE_KILOBYTES}
