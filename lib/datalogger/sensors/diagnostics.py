"""What tells how the program is doing."""

import gc


class FreeMemory:
    """Free memory of the Python heap. It sinks and jumps up again when garbage is collected."""

    name = "memory"
    label = "Free memory"
    unit = "B"
    decimals = 0

    def read(self):
        return gc.mem_free()
