"""What fsck.fat finds on an image, sorted by what it means."""

import os
import re
import shutil
import subprocess

# Not every user's path has the folder where Debian keeps it.
COMMAND = shutil.which("fsck.fat", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")

# Clusters that nothing uses, or that hang on behind a file: the drive works on, with a bit less room.
_LOST = (
    re.compile(r"Reclaimed (?P<clusters>\d+) unused clusters?"),
    re.compile(r"cluster chain length is > \d+ bytes\."),
)
_LEFT_OVER = (
    re.compile(r"Orphaned long file name part"),
    re.compile(r"Long filename fragment .* found outside a LFN sequence"),
    # of which a cut left only the start
    re.compile(r"A new long file name starts within an old one"),
)
# FatFs had written only the first of the two sectors of an end mark: its number is no cluster, so
# the chain ends there as it should. Only clusters 341 and 682 have their 12 bits in two sectors.
_ODD_END = (re.compile(r"^Cluster \d+ out of range .*Setting to EOF"),)
# Lines that tell what would be done, or belong to the one before or after.
_NOISE = (
    re.compile(r"^fsck\.fat \d"),
    re.compile(r"^\S+: \d+ files, \d+/\d+ clusters"),
    re.compile(r"^Leaving filesystem unchanged"),
    re.compile(r"^\s*(Truncating file to|Auto-deleting|Not auto-|\(Maybe the start bit)"),
    re.compile(r"^/\S.*[^.:]$"),
    re.compile(r"^\s*$"),
)
LOST = "lost clusters"
LEFT_OVER = "left-over parts of long names"
ODD_END = "half an end mark of a chain"
HARMLESS = (LOST, LEFT_OVER, ODD_END)


_KINDS = ((_LOST, LOST), (_LEFT_OVER, LEFT_OVER), (_ODD_END, ODD_END), (_NOISE, None))


def check(image_file):
    """{kind: how often}: LOST counts clusters that nothing uses, LEFT_OVER entries of folders that
    nothing uses; whatever isn't HARMLESS is fsck.fat's own line about real damage."""
    completed = subprocess.run(
        [COMMAND, "-n", str(image_file)], capture_output=True, text=True, check=False, timeout=60
    )
    found = {}
    for line in (completed.stdout + completed.stderr).splitlines():
        kind, count = _kind(line)
        if kind:
            found[kind] = found.get(kind, 0) + count
    if completed.returncode not in (0, 1):
        found[f"fsck.fat ended with {completed.returncode}"] = 1
    return found


def _kind(line):
    for patterns, kind in _KINDS:
        for pattern in patterns:
            match = pattern.search(line)
            if match:
                return kind, int(match.groupdict().get("clusters") or 1)
    return line.strip(), 1
