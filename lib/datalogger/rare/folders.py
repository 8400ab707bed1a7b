"""Makes and removes folders with the files in them, and counts clusters."""

import os

from micropython import const

from .. import file_system

CLUSTER_BYTES = const(512)  # of the 508 KB drive that CircuitPython makes on a Pico W


def clusters(byte_count):
    """How many clusters a file of that size takes."""
    return (byte_count + CLUSTER_BYTES - 1) // CLUSTER_BYTES


def make_folders(path):
    """Make the folders that lead to the file `path`."""
    at = path.find("/", 1)
    while at > 0:
        folder = path[:at]
        if not file_system.is_folder(folder):
            os.mkdir(folder)
        at = path.find("/", at + 1)


def remove_empty_folders(root, path):
    """Remove the folders that led to the removed file `path` and are empty now; those directly in
    `root` stay."""
    top = path.find("/", len(root) + 1)
    at = path.rfind("/")
    while 0 < top < at:
        path = path[:at]
        if os.listdir(path):
            return
        os.rmdir(path)
        at = path.rfind("/")
