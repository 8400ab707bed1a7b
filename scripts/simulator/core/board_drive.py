"""The one drive of the board and the right of the program to write to it."""

from . import conditions, power
from .card import DriveWithCard

drive = None


def open_drive():
    global drive
    drive = DriveWithCard(power.drive_folder, power.clusters)
    update()
    conditions.listeners.append(_count_again)


def writable():
    return power.kept["python_writes"] or not power.kept["usb_drive"]


def update():
    drive.writable = writable()


def _count_again(key):
    # The computer has put files on the drive behind the program's back.
    if key == "drive_changed":
        drive.count()
