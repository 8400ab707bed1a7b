"""The texts of the pages: all in one table, each used, each translated with the same blanks."""

import re

import pytest
from playwright.sync_api import expect
from toolkit.environment import ROOT

WWW = ROOT / "www"
ENTRY = re.compile(
    r"""(?:^|[{,\s])(?:(\w+)|'([^']+)'): (?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")(?=,)"""
)
SOURCES = [file for file in WWW.rglob("*.js") if not file.name.startswith("words")]
# The texts of settings in a translation
BOARD = re.compile(r"(setting|help|group_|choice)[A-Z_a-z]")


def table(name):
    entries = ENTRY.findall((WWW / name).read_text(encoding="utf-8"))
    return {name or quoted: single or double for name, quoted, single, double in entries}


def blanks(text):
    return [sorted(set(re.findall(r"\{(\w+)\}", part))) for part in text.split("|")]


def test_every_text_that_is_used_is_there_and_no_other():
    words = set(table("words.js"))
    used = set(re.findall(r'data-(?:text|label)="(\w+)"', (WWW / "index.html").read_text()))
    for file in SOURCES:
        used |= set(re.findall(r"\bt\('(\w+)'", file.read_text(encoding="utf-8")))
    assert used - words == set()
    assert {name for name in words - used if not name.startswith(("reset", "source_"))} == set()


@pytest.mark.parametrize("name", [file.name for file in WWW.glob("words-*.js")])
def test_a_translation_is_whole(name):
    words, translated = table("words.js"), table(name)
    assert set(words) - set(translated) == set()
    assert [one for one in set(translated) - set(words) if not BOARD.match(one)] == []
    for key in words:
        assert set(map(tuple, blanks(translated[key]))) == set(map(tuple, blanks(words[key]))), key
        assert bool(translated[key].strip())


def test_no_page_has_a_text_of_its_own():
    """In html`...` there are only tags, values, units and signs."""
    found = []
    for file in SOURCES:
        text = re.sub(
            r"^\s*//.*$|/\*.*?\*/", "", file.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL
        )
        for part in re.findall(r">([^<>`{}$]*[^\W\d_]{3,}[^<>`{}$]*)<", text):
            if not re.search(r"[=;()]|&nbsp", part):
                found.append((file.name, part.strip()))
        for value in re.findall(r"(?:aria-label|title|placeholder)=\"([^\"$]*)\"", text):
            found.append((file.name, value))
    assert [one for one in found if one[1]] == []


def test_german_by_the_choice_of_the_browser(mock, open_screen):
    screen = open_screen(mock.url, locale="de-DE")
    expect(screen.page.locator("#link")).to_have_text("Live")
    expect(screen.page.locator(".tabs a").first).to_have_text("Übersicht")
    assert screen.page.evaluate("document.documentElement.lang") == "de"
    value = screen.page.locator(".tile .value").first
    expect(value).to_have_text(re.compile(r"^\d+,\d °C$"))
    expect(screen.page.locator(".recorder")).to_contain_text("Aufzeichnung läuft")
    screen.page.get_by_role("link", name="Einstellungen").click()
    expect(screen.page.get_by_label("Messen alle")).to_have_value("60")


@pytest.mark.parametrize("size", [(360, 740), (768, 1024)])
@pytest.mark.parametrize("page", ["log", "system", "guide", "settings"])
def test_german_words_fit(mock, open_screen, page, size):
    """The tabs are whole, and no word is broken but where it has a hyphen."""
    status = mock.status

    def on_card():
        answer = status()
        answer["drive"].update(recordings="card", flash_years=None)
        return answer

    mock.status = on_card
    screen = open_screen(f"{mock.url}#/{page}", size=size, locale="de-DE")
    expect(screen.page.locator("#link")).to_have_text("Live")
    expect(screen.page.locator("main .loading")).to_have_count(0)
    clipped = """() => [...document.querySelectorAll('.tabs span, dt, .setting label, .buttons')]
        .filter((e) => { e.style.overflowWrap = 'normal'; return e.scrollWidth > e.clientWidth + 1; })
        .map((e) => e.textContent)"""
    assert screen.page.evaluate(clipped) == []


@pytest.mark.parametrize("size", [(360, 740), (768, 1024)])
def test_no_state_of_the_link_takes_a_second_line(mock, open_screen, size):
    mock.logged_in = True
    mock.faults["/api/events"] = 503
    screen = open_screen(mock.url, size=size, locale="de-DE", failures=True)
    screen.page.get_by_role("button", name="Abmelden").wait_for()
    link, name = screen.page.locator("#link"), screen.page.locator(".brand")

    def is_beside_the_name():
        return link.bounding_box()["y"] < name.bounding_box()["y"] + name.bounding_box()["height"]

    expect(link).to_have_text("Abfrage")
    assert is_beside_the_name()
    mock.stop()
    expect(link).to_have_text("Offline")
    assert is_beside_the_name()


def test_english_does_not_load_german(mock, open_screen):
    screen = open_screen(mock.url, locale="fr-FR")
    expect(screen.page.locator("#link")).to_have_text("Live")
    expect(screen.page.locator(".tabs a").first).to_have_text("Dashboard")
    assert not [path for _, path in mock.requests if "words-de" in path]


def test_a_translation_that_does_not_come_leaves_english(mock, open_screen):
    mock.faults["/words-de.js"] = 500
    screen = open_screen(mock.url, failures=True, locale="de-DE")
    expect(screen.page.locator("#link")).to_have_text("Live")
    expect(screen.page.locator(".tabs a").first).to_have_text("Dashboard")
