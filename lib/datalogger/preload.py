"""Imports the parts of the app one by one, so that the memory stays in one piece.

Compiling a module leaves garbage between what it keeps. It is collected after each of them; the
largest module, and those that others import, come first.
"""

import gc

__import__("ehttpserver")
for _name in (
    "storage",
    "data_files",
    "samples",
    "recorder",
    "readings",
    "login",
    "status_light",
    "status",
    "answers",
    "access",
    "pages",
    "api_values",
    "api_events",
    "api_rare",
    "admin",
    "drive",
    "network",
    "name_server",
    "log",
    "clock",
    "settings",
    "sensors",
    "battery",
    "tasks",
    "restart",
):
    gc.collect()
    __import__("datalogger." + _name)
gc.collect()
