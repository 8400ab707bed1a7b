"""Programs that pip can't install. A test that needs one is skipped, with the reason, where it is
missing."""

import os
import shutil

import pytest


def need(name, package):
    """Path of a program; skips the test, or all that use the fixture, without it."""
    path = shutil.which(name, path=os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin")
    if not path:
        pytest.skip(f"{name} is not installed (Debian package {package})")
    return path
