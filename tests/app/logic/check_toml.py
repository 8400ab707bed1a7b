"""The TOML subset, line by line."""

from datalogger.rare import toml_subset as toml
from fakes import raises


def value(line):
    parsed = toml.parse_line(line)
    return parsed and (parsed[0], parsed[1])


def test_what_has_no_value():
    for line in ("", "  \n", "# comment\r\n", "\t# KEY = 1"):
        assert toml.parse_line(line) is None


def test_values():
    for line, expected in (
        ("A=1", ("A", 1)),
        ("A = 2147483647", ("A", 2147483647)),
        ("A = -2147483648", ("A", -2147483648)),
        ("A = -7 # seven\n", ("A", -7)),
        ("A = +7\r\n", ("A", 7)),
        ("A = 3.25", ("A", 3.25)),
        ("A = true", ("A", True)),
        ("A=false#x", ("A", False)),
        ('A_b-9 = "text"', ("A_b-9", "text")),
        ('A = "# no comment"', ("A", "# no comment")),
        ('A = "a\\"b\\\\c\\n\\r\\t\\u00e4"', ("A", 'a"b\\c\n\r\tä')),
        ('A = "\\U0001F600"', ("A", "😀")),
        ('A = "ä"  ', ("A", "ä")),
        ('A = ""', ("A", "")),
    ):
        assert value(line) == expected, line


def test_where_the_value_stands():
    line = '  KEY   =  "old"   # why\n'
    key, old, start, end = toml.parse_line(line)
    assert (key, old, line[start:end]) == ("KEY", "old", '"old"')


def test_what_is_no_line():
    for line in (
        "A",
        "A 1",
        "= 1",
        "A =",
        "A = # nothing",
        'A = "open',
        'A = "open\\"',
        "A = 'open",
        "A = 'single quotes'",
        "A = 010",
        "A = -01.5",
        'A = "x" "y"',
        'A = """x"""',
        "A = 1 2",
        "A = 1x",
        "A = 1_000",
        "A = 0x10",
        "A = nan",
        "A = 1.",
        "A = .5",
        "A = --1",
        "A = [1]",
        'A = "\\x41"',
        'A = "\\ud800"',
        'A = "\\u12"',
        'A = "\\u+123"',
        'A = "\\"',
        'A = "\\',
        "[table]",
        "a.b = 1",
        "A = 12345678901234567890",
        "A = 2147483648",
        "A = -2147483649",
        'A = "x\0y"',
        'A = "x" # \0',
        '# \0B = "x"',
    ):
        raises(ValueError, toml.parse_line, line)


def test_what_only_micropython_takes_for_text():
    for content in (
        b'A = "\xc0\xaf"',
        b'A = "x" # \xe0\x80\xaf',
        b"# \xf0\x80\x80\xaf",
        b"# \xed\xa0\x80",
        b"# \xf4\x90\x80\x80",
    ):
        raises(ValueError, lambda: toml.parse_line(content.decode()))  # noqa: B023
    for text in ("ä", "€", "😀", "\x7f\x80", "\ud7ff\ue000"):
        assert value('A = "' + text + '" # ' + text) == ("A", text)


def test_problems_do_not_show_values():
    for line in (
        'KEY = "hunter2',
        "KEY = hunter2",
        'KEY = "hunter2" hunter2',
        'KEY = "hunter2\\q"',
    ):
        assert "hunter2" not in str(raises(ValueError, toml.parse_line, line))


def test_what_is_written_is_read_again():
    for text in (
        "plain",
        'quote " and backslash \\ and \\u0041',
        "line\nbreak\r\n",
        "".join([chr(code) for code in range(256)]),
        "ä € 😀",
        "",
        "# = [",
    ):
        written = toml.encode(text)
        assert "\n" not in written and "\r" not in written
        assert toml.parse_line("KEY = " + written)[:2] == ("KEY", text)
    for number in (0, 1, -5, 86400):
        assert toml.parse_line("KEY = " + toml.encode(number))[1] == number
    for value, written in ((True, "true"), (False, "false"), (3.25, "3.25"), (0.00001, "0.000010")):
        assert toml.encode(value) == written
        assert toml.parse_line("KEY = " + written)[1] == value


def test_names_of_secrets():
    for key in ("MQTT_PASSWORD", "wifi_psk", "API_KEY", "Token", "CIRCUITPY_WEB_API_PASSWORD"):
        assert toml.looks_secret(key)
    for key in ("DEVICE_NAME", "SAMPLE_SECONDS", "CIRCUITPY_PYSTACK_SIZE"):
        assert not toml.looks_secret(key)
