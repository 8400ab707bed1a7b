"""Imports the modules of the app one by one, so that the memory stays in one piece.

Compiling a module leaves garbage between what it keeps. It is collected after each of them; the
largest module, and those that others import, come first. Rare modules are forgotten again, but not
the names in them, which Python keeps for good: they shall lie here, too. These modules import the
others of their kind themselves.
"""

import gc

from .on_demand import on_demand

__import__("ehttpserver")
for _name in (
    "nonvolatile",
    "file_system",
    "recording.recordings",
    "recording.samples",
    "recording.room",
    "recording.recorder",
    "sensors.readings",
    "web.login",
    "light.status_light",
    "status",
    "web.answers",
    "web.access",
    "web.pages",
    "web.values",
    "web.events",
    "web.rare_requests",
    "web.server",
    "web.routes",
    "recording.drive",
    "wifi.access_point",
    "wifi.name_server",
    "log",
    "clock",
    "settings",
    "sensors.chip",
    "sensors.diagnostics",
    "sensors.kinds",
    "battery",
    "tasks",
    "restart",
):
    gc.collect()
    __import__("datalogger." + _name)
for _name in (  # on_demand() collects first
    "json_object",
    "refusals",
    "settings_restore",
    "deploy_listing",
    "deploy_upload",
    "actions",
    "deploy",
    "recordings",
    "history",
    "log",
    "metrics",
    "settings",
):
    on_demand(_name)
tuple(map(chr, range(32, 127)))  # characters that texts are taken apart into: kept for good, too
gc.collect()
