"""settings.toml as the firmware reads it: the first line with the key counts, tables end the
search."""

from . import board_drive

_ESCAPES = {"b": "\b", "r": "\r", "n": "\n", "t": "\t", "v": "\v", "f": "\f"}
_PATH = "/settings.toml"


def find(key):
    """The text after `key =`, or None."""
    try:
        file = board_drive.drive.open(_PATH, "rb")
    except OSError:
        return None
    with file:
        while True:  # line by line: the program's heap has no room for all of it
            line = file.readline()
            if not line:
                return None
            line = line.strip()
            if line[:1] == b"[":
                return None
            name, equals, value = line.partition(b"=")
            if equals and name.strip() == key.encode():
                return value.strip().decode()


def parse(text):
    """The value: text in double quotes, whole number, float, true or false. Raises ValueError."""
    if text[:1] == '"':
        return _parse_text(text)
    text = text.partition("#")[0].strip()
    if text == "true" or text == "false":
        return text == "true"
    digits = text[1:] if text[:1] in ("+", "-") else text
    if digits.isdigit():
        return int(text)
    return float(text)


def _parse_text(text):
    out = ""
    position = 1
    while True:
        character = text[position : position + 1]
        position += 1
        if character == "":
            raise ValueError("Invalid byte 'EOF'")
        if character == '"':
            break
        if character == "\\":
            character = text[position : position + 1]
            position += 1
            if character in ("u", "U"):
                width = 4 if character == "u" else 8
                character = chr(int(text[position : position + width], 16))
                position += width
            else:
                character = _ESCAPES.get(character, character)
        out += character
    rest = text[position:].strip()
    if rest and rest[0] != "#":
        raise ValueError("Invalid byte '%s'" % rest[0])
    return out
