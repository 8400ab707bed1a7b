"""Reads and writes single lines of settings.toml, in the TOML subset that CircuitPython knows.

`KEY = value` where value is a text in double quotes with escapes as in TOML, an integer, a float,
true or false; comments; nothing else. CircuitPython reads what this takes just so; floats it leaves
to programs.
"""

_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}
_KEY_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"


def parse_line(line):
    """Parse a line: (key, value, start, end), where line[start:end] is the value as written; None
    for an empty line or a comment. Raises ValueError with a sentence for people that never contains
    the value."""
    if "\0" in line:  # where CircuitPython takes the line for ended
        raise ValueError("the character NUL is in this line")
    if not _is_text(line):
        raise ValueError("this line is not text in UTF-8")
    at = _skip_blanks(line, 0)
    if at == len(line) or line[at] == "#":
        return None
    start = at
    while at < len(line) and line[at] in _KEY_CHARACTERS:
        at += 1
    key = line[start:at]
    at = _skip_blanks(line, at)
    if not key or at == len(line) or line[at] != "=":
        raise ValueError("not of the form KEY = value")
    start = _skip_blanks(line, at + 1)
    if start == len(line) or line[start] == "#":
        raise ValueError("no value after " + key + " =")
    if line[start] == '"':
        value, end = _quoted(line, start + 1, key)
    elif line[start] == "'":
        raise ValueError("the value of " + key + " must stand in double quotes")
    else:
        end = start
        while end < len(line) and line[end] not in " \t\r\n#":
            end += 1
        value = _bare(line[start:end], key)
    at = _skip_blanks(line, end)
    if at < len(line) and line[at] != "#":
        raise ValueError("something follows the value of " + key)
    return key, value, start, end


def encode(value):
    """A value as it stands behind the equals sign, always on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        text = str(value)
        return "%f" % value if "e" in text else text
    pieces = ['"']
    for character in value:
        code = ord(character)
        if character in '"\\':
            pieces.append("\\" + character)
        elif code < 32 or code == 127:
            pieces.append("\\u%04x" % code)
        else:
            pieces.append(character)
    pieces.append('"')
    return "".join(pieces)


def looks_secret(key):
    """Whether the name of a key suggests a secret. For keys that the app doesn't know."""
    key = key.upper()
    for word in ("PASS", "SECRET", "TOKEN", "KEY", "PSK", "CREDENTIAL", "AUTH", "PIN_CODE"):
        if word in key:
            return True
    return False


def _is_text(line):
    """Whether all characters are such: MicroPython decodes halves of them, and more bytes than they
    need."""
    if len(line.encode()) == len(line):
        return True
    for character in line:
        code = ord(character)
        if 0xD800 <= code < 0xE000 or code > 0x10FFFF or chr(code) != character:
            return False
    return True


def _skip_blanks(line, at):
    while at < len(line) and line[at] in " \t\r\n":
        at += 1
    return at


def _quoted(line, at, key):
    pieces = []
    while True:
        start = at
        while at < len(line) and line[at] not in '"\\\r\n':
            at += 1
        pieces.append(line[start:at])
        if at == len(line) or line[at] in "\r\n":
            raise ValueError("no closing quote in the value of " + key)
        if line[at] == '"':
            return "".join(pieces), at + 1
        escape = line[at + 1 : at + 2]
        if escape in ("u", "U"):
            end = at + (6 if escape == "u" else 10)
            pieces.append(_code_point(line[at + 2 : end], end - at - 2, key))
            at = end
        elif escape in _ESCAPES and escape:
            pieces.append(_ESCAPES[escape])
            at += 2
        else:
            raise ValueError("unknown escape in the value of " + key)


def _code_point(digits, count, key):
    code = -1
    if len(digits) == count:
        code = 0
        for digit in digits.lower():
            place = "0123456789abcdef".find(digit)
            code = -1 if place < 0 or code < 0 else code * 16 + place
    if code < 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise ValueError("unknown escape in the value of " + key)
    return chr(code)


def _bare(text, key):
    if text in ("true", "false"):
        return text == "true"
    digits = text[1:] if text[0] in "+-" else text
    whole, dot, fraction = digits.partition(".")
    octal = digits[:1] == "0" and len(whole) > 1  # for CircuitPython
    if whole.isdigit() and len(digits) < 16 and not octal:
        if not dot and -0x80000000 <= int(text) <= 0x7FFFFFFF:  # CircuitPython keeps 32 bits
            return int(text)
        if dot and fraction.isdigit():
            return float(text)
    raise ValueError("the value of " + key + " is neither a number nor a text in quotes")
