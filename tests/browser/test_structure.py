"""How the pages are put together: imports run one way, and another page is a file and a line."""

import re
import shutil

import pytest
from playwright.sync_api import expect
from toolkit import environment
from toolkit.payload import pages

from .mock_board import MockBoard

WWW = environment.ROOT / "www"
STATIC = re.compile(r"^import\b[^'\"]*?['\"](\.[^'\"]+)['\"]", re.MULTILINE)
LATER = re.compile(r"'/([\w/]+\.js)'|import\('\./([\w-]+\.js)'\)")


def imports():
    """{module: modules that it imports, at once or later}, named from www/."""
    graph = {}
    for file in sorted(WWW.rglob("*.js")):
        text = file.read_text(encoding="utf-8")
        targets = [file.parent / name for name in STATIC.findall(text)]
        targets += [WWW / (one or other) for one, other in LATER.findall(text)]
        targets = [target for target in targets if target.parent.name != "uplot"]
        graph[file.relative_to(WWW).as_posix()] = {
            target.resolve().relative_to(WWW).as_posix() for target in targets
        }
    return graph


def test_nothing_imports_what_imports_it():
    graph = imports()
    assert {target for targets in graph.values() for target in targets} <= set(graph)
    free = set()
    while found := {name for name, targets in graph.items() if targets <= free} - free:
        free |= found
    assert {name: graph[name] - free for name in set(graph) - free} == {}


def test_every_module_is_used_and_only_the_shell_knows_the_pages():
    graph = imports()
    used = {target for targets in graph.values() for target in targets}
    assert set(graph) - used == {"app.js"}
    for name, targets in graph.items():
        if name != "app.js":
            assert not [target for target in targets if target.startswith("pages/")], name


@pytest.fixture
def with_pages(tmp_path):
    """with_pages(number): a mock board with this many more tabs, each a file and a line."""
    boards = []

    def start(number):
        www = tmp_path / "www"
        shutil.copytree(WWW, www)
        shell = (www / "app.js").read_text()
        lines = [f"  ['/pages/extra{n}.js', 'Extra {n}', 'wait'],\n" for n in range(number)]
        for n in range(number):
            (www / "pages" / f"extra{n}.js").write_text(
                "import { html, render } from '../base.js';\n"
                f"export const open = (main) => render(main, html`<h1>Extra {n}</h1>`);\n"
            )
        last = re.compile(r"(  \['/pages/system.js',.*\n)").sub(
            lambda line: line[1] + "".join(lines), shell
        )
        (www / "app.js").write_text(last)
        built = tmp_path / "built"
        for asset in pages.build(www, print):
            target = built / asset.target
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(asset.content)
        boards.append(MockBoard(www=built))
        return boards[-1]

    yield start
    for board in boards:
        board.stop()


@pytest.mark.parametrize("number", [1, 3])
def test_the_navigation_of_a_phone_holds_more_pages(with_pages, open_screen, number):
    screen = open_screen(with_pages(number).url, size="narrow")
    tabs = screen.page.locator(".tabs a")
    expect(tabs).to_have_count(5 + number)
    boxes = [tab.bounding_box() for tab in tabs.all()]
    assert len({box["y"] for box in boxes}) == 1, "the tabs stand in one row"
    assert boxes[0]["x"] >= 0 and boxes[-1]["x"] + boxes[-1]["width"] <= 360
    assert min(box["width"] for box in boxes) >= 24
    screen.tab(f"Extra {number - 1}")
    expect(screen.page.get_by_role("heading", level=1)).to_have_text(f"Extra {number - 1}")
    assert screen.fits()
