"""settings.toml over deployments: passwords are made once, lines kept, new settings added."""

import re

import pytest
from toolkit import settings_toml
from toolkit.deploy.settings_merge import PASSWORDS, for_circuitpython, merge, new_password
from toolkit.environment import ROOT

TEMPLATE = """\
# The settings.

# --- Recording ---

# How often.
# In seconds.
SAMPLE_SECONDS = 60
FLUSH_SECONDS = 600

# --- Wi-Fi ---

# Name.
AP_SSID = "datalogger"
# Its password.
AP_PASSWORD = "datalogger"  # 8 to 63 characters

ADMIN_PASSWORD = "datalogger"
"""


def merged(existing, template=TEMPLATE):
    numbers = iter(range(1, 10))
    return merge(template, existing, lambda: f"made-{next(numbers)}")


def test_an_empty_file_becomes_the_template_with_passwords():
    result = merged("")
    assert result.text == TEMPLATE.replace(
        'AP_PASSWORD = "datalogger"', 'AP_PASSWORD = "made-1"'
    ).replace('ADMIN_PASSWORD = "datalogger"', 'ADMIN_PASSWORD = "made-2"')
    assert result.passwords == {"AP_PASSWORD": "made-1", "ADMIN_PASSWORD": "made-2"}


def test_a_complete_file_is_kept_to_the_byte():
    mine = "ADMIN_PASSWORD=\"x\"\r\n\tAP_PASSWORD = 'odd'\n" + "\n".join(
        f"{key}=1" for key in ("AP_SSID", "FLUSH_SECONDS", "SAMPLE_SECONDS")
    )
    result = merged(mine)
    assert (result.text, result.added, result.passwords) == (mine, [], {})


def test_a_new_setting_goes_behind_its_neighbour_with_its_comment():
    mine = TEMPLATE.replace('\n# Name.\nAP_SSID = "datalogger"\n', "\n").replace("600", "30")
    result = merged(mine)
    assert result.added == ["AP_SSID"]
    assert 'FLUSH_SECONDS = 30\n\n# Name.\nAP_SSID = "datalogger"\n' in result.text
    assert set(mine.splitlines()) <= set(result.text.splitlines())


def test_a_new_first_setting_goes_to_the_end():
    mine = TEMPLATE.replace("# How often.\n# In seconds.\nSAMPLE_SECONDS = 60\n", "")
    assert merged(mine).text == mine + "\n# How often.\n# In seconds.\nSAMPLE_SECONDS = 60\n"


def test_several_new_settings_keep_their_order():
    result = merged("SAMPLE_SECONDS = 5\n")
    keys = [key for key in map(settings_toml.key_of, result.text.splitlines()) if key]
    assert keys == ["SAMPLE_SECONDS", "FLUSH_SECONDS", "AP_SSID", "AP_PASSWORD", "ADMIN_PASSWORD"]
    assert result.text.startswith("SAMPLE_SECONDS = 5\n")


def test_only_passwords_that_are_missing_are_made():
    result = merged('ADMIN_PASSWORD = "mine"\n')
    assert result.passwords == {"AP_PASSWORD": "made-1"}
    assert settings_toml.values(result.text)["ADMIN_PASSWORD"] == "mine"


def test_the_users_own_keys_and_comments_stay():
    mine = '# mine\nCIRCUITPY_PYSTACK_SIZE = 4000\nMY_KEY = "x"\n'
    assert merged(mine).text.startswith(mine)


def test_the_lines_for_circuitpython_come_alone():
    template = (
        "# The settings.\n\n# Memory.\nCIRCUITPY_HEAP_START_SIZE = 1\n\nCIRCUITPY_PYSTACK_SIZE = 2\n"
        '\n# Name.\nAP_SSID = "x"\n'
    )
    assert for_circuitpython(template) == (
        "# Memory.\nCIRCUITPY_HEAP_START_SIZE = 1\n\nCIRCUITPY_PYSTACK_SIZE = 2\n"
    )


def test_older_settings_get_the_size_of_the_heap():
    shipped = (ROOT / "settings.toml").read_text("utf-8")
    mine = "CIRCUITPY_PYSTACK_SIZE = 4000\n"
    result = merge(shipped, mine)
    values = settings_toml.values(result.text)
    assert values["CIRCUITPY_HEAP_START_SIZE"] == 139264
    assert values["CIRCUITPY_PYSTACK_SIZE"] == 4000


def test_windows_line_ends_are_kept():
    text = merged("SAMPLE_SECONDS = 5\r\n").text
    assert text.count("\n") == text.count("\r\n")


def test_merging_twice_changes_nothing():
    once = merged('AP_SSID = "x"\n').text
    assert merged(once).text == once


@pytest.mark.parametrize("comment", ["", "  # note", ' # with "quotes" and = signs'])
def test_a_password_replaces_the_value_and_keeps_the_comment(comment):
    line = f'AP_PASSWORD = "data # \\" logger"{comment}'
    assert settings_toml.with_value(line, 'a"b') == f'AP_PASSWORD = "a\\"b"{comment}'


def test_passwords_are_long_and_differ():
    made = {new_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        assert re.fullmatch(r"[a-hjkmnp-z2-9]{5}(-[a-hjkmnp-z2-9]{5}){2}", password)


def test_the_projects_own_settings_have_the_passwords_to_replace():
    result = merged("", (ROOT / "settings.toml").read_text())
    assert set(result.passwords) == set(PASSWORDS)
    assert "datalogger" not in [settings_toml.values(result.text)[key] for key in PASSWORDS]


def test_of_two_lines_the_first_counts():
    assert settings_toml.values("A = 1\nA = 2\n") == {"A": 1}


def test_only_line_feeds_end_a_line():
    text = "# one\x0b\x0c\x85\u2028\u2029A = 1\r\nB = 2"
    assert settings_toml.lines(text) == ["# one\x0b\x0c\x85\u2028\u2029A = 1", "B = 2"]


def test_a_line_that_can_not_be_read_is_not_added_again():
    result = merged("AP_PASSWORD = not quoted\n")
    assert "AP_PASSWORD" not in result.added


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('A = "text"', "text"),
        ('A="t\\u00fc\\n\\"" # note', 'tü\n"'),
        ("A = 5", 5),
        ("A = -1.5 # note", -1.5),
        ("A = true", True),
        ("  A\t=\tfalse", False),
        ("A = [1]", None),
        ("# A = 5", None),
    ],
)
def test_values_are_read_as_the_board_reads_them(line, value):
    assert settings_toml.values(line).get("A") == value
