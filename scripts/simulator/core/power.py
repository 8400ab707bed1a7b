"""What the program finds when it starts: the settings of this run, and what outlives a reload of
the program.

Filled in once by core.link before anything else of the board is loaded.
"""

# Fixed for this run.
phase = "code"  # "boot": boot.py is running; "safemode": safemode.py
drive_folder = ""
state_folder = ""
clusters = 980
version = (10, 3, 1)
ports = {}  # "tcp:80" -> port on this computer, 0 for any
program = "code.py"
reset_reason = "POWER_ON"
run_reason = "STARTUP"
previous_traceback = None
traced = ()  # kinds of events the computer wants to hear of: "led", "pixels"
libraries = {}  # built-in modules that come from a file of the computer: name -> path

# Outlives a reload, lost at a reset. Sent back to the computer when the program ends.
kept = {
    "uptime_ms": 0,
    "clock_offset_s": 946684800,  # what the clock shows at power-up: 2000-01-01
    "python_writes": False,  # who may write the drive
    "usb_drive": True,  # whether the computer is offered the drive
    "access_point": "never",  # "up", "stopped"
    "autoreload": True,
}
