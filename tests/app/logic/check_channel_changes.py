"""What people change about channels: the setting CHANNELS, and the channels that result."""

from datalogger.rare.channel_changes import parse
from datalogger.sensors.loading import Names, checked
from datalogger.settings import SettingError
from fakes import FakeSettings, checked_settings, problem, raises

GIVEN = (("humidity", "Humidity", "%", 1), ("pressure", "Pressure", "hPa", 1))


def test_all_that_can_be_changed():
    found = parse(
        " humidity: label=Nässe im Keller ,unit= g/m³,decimals=2; pressure:factor=-1.5e-2, offset=+3 ;"
    )
    assert found == {
        "humidity": {"label": "Nässe im Keller", "unit": "g/m³", "decimals": 2},
        "pressure": {"factor": -0.015, "offset": 3.0},
    }
    assert parse("") == {} and parse("a: unit=")["a"] == {"unit": ""}


def test_what_can_not_be():
    for text in (
        "humidity",
        "humidity:",
        "humidity: label",
        "Humidity: label=x",
        ": label=x",
        "humidity: label=",
        "humidity: label=" + "x" * 41,
        "humidity: unit=" + "x" * 13,
        "humidity: colour=red",
        "humidity: factor=0",
        "humidity: factor=one",
        "humidity: offset=nan",
        "humidity: offset=inf",
        "humidity: factor=1e7",
        "humidity: decimals=7",
        "humidity: decimals=1.5",
        "humidity: decimals=-1",
        "humidity: label=a; humidity: unit=b",
        "humidity: label=a,",
    ):
        assert problem(parse, text), text
    assert problem(parse, "humidity: label=a") is None


def test_the_setting_is_checked():
    settings = FakeSettings()
    good = "humidity: factor=1.02"
    assert checked_settings(settings, {"CHANNELS": good}) == {"CHANNELS": good}
    assert checked_settings(settings, {"CHANNELS": ""}) == {"CHANNELS": ""}
    error = raises(SettingError, checked_settings, settings, {"CHANNELS": "humidity: factor=0"})
    assert error.field == "CHANNELS" and "nothing is measured" in str(error)


def test_channels_as_people_changed_them():
    names = Names(parse("humidity_2: label=Attic, factor=2; pressure: unit=bar, decimals=4"))
    first = checked(GIVEN, names)
    second = checked(GIVEN, names)
    assert tuple(first[0]) == ("humidity", "Humidity", "%", 1, 1, 0)
    assert tuple(first[1]) == ("pressure", "Pressure", "bar", 4, 1, 0)
    assert tuple(second[0]) == ("humidity_2", "Attic", "%", 1, 2.0, 0)
    assert second[1].label == "Pressure 2"


def test_channels_that_can_not_be():
    for given in (
        (),
        None,
        (("a", "A", "", 7),),
        (("a", "A", "", True),),
        (("a b", "A", "", 0),),
        (("", "A", "", 0),),
        (("a", 5, "", 0),),
        (("a", "A", ""),),
    ):
        raises((ValueError, TypeError), checked, given, Names({}))
