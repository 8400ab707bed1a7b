"""Imports the parts of the app one by one, so that the memory stays in one piece.

Compiling a module leaves garbage between what it keeps. It is collected after each of them; the
largest module, and those that others import, come first. Those that are used on demand are forgotten
again, but not the names in them, which Python keeps for good: they shall lie here, too. These modules
import the others of their kind themselves.
"""

import gc

from .on_demand import on_demand

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
for _name in (  # on_demand() collects first
    "json_object",
    "settings_restore",
    "deploy_listing",
    "deploy_upload",
    "requests_actions",
    "requests_deploy",
    "requests_files",
    "requests_history",
    "requests_log",
    "requests_metrics",
    "requests_settings",
):
    on_demand(_name)
tuple(map(chr, range(32, 127)))  # characters that texts are taken apart into: kept for good, too
gc.collect()
