"""diagnostics: what tells how the program is doing."""

import gc


class Device:
    """Free memory of the Python heap. It sinks and jumps up again when garbage is collected."""

    channels = (("memory", "Free memory", "B", 0),)
    diagnostic = True  # not among the measurements on the dashboard

    def read(self):
        return gc.mem_free()
