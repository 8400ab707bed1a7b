"""deploy.py reports how the board will read its settings, and which values it will refuse."""

import pytest
from toolkit import settings_toml
from toolkit.deploy import board_settings, joining

GOOD = 'AP_SSID = "shed"\nAP_PASSWORD = "ap password"\nADMIN_PASSWORD = "admin password"\n'


@pytest.fixture
def shown(capsys):
    """Returns the text that is printed about these settings."""

    def show(text):
        joining.show_passwords(board_settings.read(text))
        return capsys.readouterr().out

    return show


def test_good_settings_are_taken_as_they_are():
    settings = board_settings.read(GOOD)
    assert (settings.problems, settings.refused) == ([], set())
    assert settings.values["AP_SSID"] == "shed"
    assert settings.values["SAMPLE_SECONDS"] == 60


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('AP_PASSWORD = "short"', "line 1: AP_PASSWORD: Must have 8 to "),
        ("AP_PASSWORD = 12345678", "line 1: AP_PASSWORD: Must be a text"),
        ("AP_PASSWORD = secret word", "line 1: the value of AP_PASSWORD is neither"),
        ('AP_PASSWORD = "no end', "line 1: no closing quote in the value of AP_PASSWORD"),
        ('AP_PASSWORD = "a\\qb"', "line 1: unknown escape in the value of AP_PASSWORD"),
        ("AP_PASSWORD =", "line 1: no value after AP_PASSWORD ="),
    ],
)
def test_a_value_that_the_board_refuses_is_told(line, problem):
    settings = board_settings.read(line + "\n" + GOOD.replace("AP_PASSWORD", "OTHER"))
    (found,) = settings.problems
    assert found.startswith(f"settings.toml, {problem}")
    assert settings.refused == {"AP_PASSWORD"}


def test_secrets_that_a_backup_leaves_out_are_no_problem():
    backup = 'SAMPLE_SECONDS = 0\nAP_PASSWORD = ""\nADMIN_PASSWORD = ""\n'
    (problem,) = board_settings.problems_of_backup(backup)
    assert problem.startswith("settings.toml, line 1: SAMPLE_SECONDS: ")
    assert len(board_settings.read(backup).problems) == 4


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD + 'AP_SSID = "second"\n',
        GOOD.replace("shed", "sh\\u0065d"),
        GOOD.replace("shed", "sh\\U00000065d"),
        "# a comment\x0bAP_SSID = 1\n" + GOOD,
        "# a comment\u2028AP_SSID = 1\n" + GOOD,
    ],
    ids=["BOM", "CRLF", "duplicate", "escape", "long escape", "VT", "U+2028"],
)
def test_computer_and_board_read_alike(text):
    settings = board_settings.read(text)
    assert settings.problems == []
    assert settings.values["AP_SSID"] == settings_toml.values(text)["AP_SSID"] == "shed"


def test_a_refused_password_is_not_shown_as_the_password(shown):
    text = shown(GOOD.replace("ap password", "short"))
    assert "short" not in text
    assert "Wi-Fi password          refused by the board, see above" in text
    assert "Scan it" not in text


def test_a_missing_name_is_the_default_one(shown):
    text = shown(GOOD.replace("AP_SSID", "OTHER"))
    assert "None" not in text
    assert "Wi-Fi of the board      datalogger" in text


def test_the_network_of_a_board_that_can_not_join_is_shown_in_station_mode_too(shown):
    text = shown(GOOD + 'WIFI_MODE = "station"\nSTATION_SSID = "home"\nDEVICE_NAME = "shed"\n')
    assert "Wi-Fi if it can't join  shed" in text
    assert "Wi-Fi password          ap password" in text
    assert "http://shed.local" in text
    assert "Scan it" not in text


def test_a_refused_mode_means_the_boards_own_network(shown):
    text = shown(GOOD + 'WIFI_MODE = "Station"\n')
    assert "Wi-Fi of the board      shed" in text
    assert joining.ACCESS_POINT_ADDRESS in text


def test_names_with_control_characters_do_not_reach_the_terminal(shown):
    assert "\x1b" not in shown(GOOD.replace('"shed"', '"sh\\u001bed"'))
