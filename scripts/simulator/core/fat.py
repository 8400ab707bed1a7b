"""The arithmetic of a small FAT drive and its rules for names (FatFs with long names)."""

SECTOR = 512
_ENTRIES_PER_SECTOR = SECTOR // 32
_FORBIDDEN = '"*:<>?|\x7f'
_NOT_IN_SHORT_NAMES = "+,;=[] "
_CHARACTERS_PER_LONG_ENTRY = 13
LONGEST_NAME = 255


def clusters_of(size):
    """Clusters of one sector that `size` bytes take."""
    return (size + SECTOR - 1) // SECTOR


def entries_of(name):
    """Entries that a name takes in its folder: one, and more in front of it for a long name."""
    if is_short(name):
        return 1
    units = len(name) + sum(1 for character in name if ord(character) > 0xFFFF)
    return 1 + (units + _CHARACTERS_PER_LONG_ENTRY - 1) // _CHARACTERS_PER_LONG_ENTRY


def clusters_of_folder(entries):
    """Clusters of a folder with so many entries; it has two more, for itself and its parent."""
    return max(1, (entries + 2 + _ENTRIES_PER_SECTOR - 1) // _ENTRIES_PER_SECTOR)


def is_short(name):
    """Whether the name fits one directory entry: 8.3 characters, each part in one case."""
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = name, ""
    if not stem or "." in stem or len(stem) > 8 or len(extension) > 3 or (dot and not extension):
        return False
    for character in name:
        if ord(character) > 126 or character in _NOT_IN_SHORT_NAMES:
            return False
    return _one_case(stem) and _one_case(extension)


def _one_case(text):
    return text == text.upper() or text == text.lower()


def split(path):
    """The names along a path, as FatFs reads it; None if one of them cannot be a name.

    A backslash separates like a slash, dots and spaces at the end of a name are dropped, a control
    character ends the path, and ".." above the root stays there.
    """
    for position in range(len(path)):
        if path[position] < " ":
            path = path[:position]
            break
    names = []
    for part in path.replace("\\", "/").split("/"):
        if part == "" or part == ".":
            continue
        if part == "..":
            if names:
                names.pop()
            continue
        name = part.rstrip(". ")
        if not name or len(name) > LONGEST_NAME:
            return None
        for character in name:
            if character in _FORBIDDEN:
                return None
        names.append(name)
    return names


def short_stem(name):
    """(stem, extension) from which the alias STEM~1.EXT of a long name is made; None for a short
    name."""
    if is_short(name):
        return None
    stem, dot, extension = name.lstrip(".").rpartition(".")
    if not dot:
        stem, extension = name.lstrip("."), ""
    return _short_part(stem)[:6], _short_part(extension)[:3]


def _short_part(text):
    out = ""
    for character in text.upper():
        if character in " .":
            continue
        out += "_" if character in _NOT_IN_SHORT_NAMES or ord(character) > 126 else character
    return out


def matches(entry, wanted):
    """Whether the file called `entry` answers to the name `wanted`: in any case, and by its short
    alias."""
    if entry.lower() == wanted.lower():
        return True
    if "~" not in wanted:
        return False
    parts = short_stem(entry)
    if parts is None:
        return False
    stem, _, extension = wanted.upper().partition(".")
    base, _, number = stem.rpartition("~")
    return number == "1" and base == parts[0] and extension == parts[1]
