"""Headless Chromium on the built pages, and a board to show in it."""

import shutil

import pytest
from toolkit import downloads, environment
from toolkit.payload import node, pages

from .mock_board import MockBoard
from .screen import Screen
from .site import SETTINGS

SIZES = {"narrow": (360, 740), "wide": (1280, 800)}
THEMES = ("light", "dark")


@pytest.fixture(scope="session")
def built_pages(tmp_path_factory):
    """Folder of the pages as a deployment puts them on the drive: minified and compressed."""
    folder = tmp_path_factory.mktemp("www")
    for asset in pages.build(environment.ROOT / "www", print):
        target = folder / asset.target
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(asset.content)
    return folder


@pytest.fixture(scope="session")
def axe_script():
    """Source of axe-core, fetched once by its pinned version."""
    sources = [environment.ROOT / "tests" / name for name in ("package.json", "package-lock.json")]

    def make(folder):
        for file in sources:
            shutil.copy(file, folder)
        command = [*node.npm(print), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        downloads.run(command, "axe-core", cwd=folder)

    folder = downloads.folder(
        environment.BUILD / "axe", [file.read_bytes() for file in sources], make
    )
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text()


@pytest.fixture
def mock(built_pages):
    """A board that misbehaves on request."""
    board = MockBoard(www=built_pages)
    yield board
    board.stop()


@pytest.fixture
def open_screen(chromium):
    """Opens a page in a browser window of its own; at the end no page may have logged an error.

    open_screen(url, size="wide", theme="light", failures=False): `failures` allows the console
    lines of the browser itself about failed requests, for tests in which the board fails.
    """
    screens = []

    def make(url, size="wide", theme="light", failures=False, **options):
        width, height = SIZES[size] if isinstance(size, str) else size
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, **options
        )
        screen = Screen(context, failures)
        screens.append(screen)
        if url:
            screen.page.goto(url)
        return screen

    yield make
    errors = []
    for screen in screens:
        errors += screen.errors
        screen.close()
    assert not errors


@pytest.fixture(params=[(size, theme) for size in SIZES for theme in THEMES], ids="-".join)
def look(request):
    """Every size in every theme: (size, theme)."""
    return request.param


@pytest.fixture
def board(boards):
    """Starts the simulated board with the real app.

    board(recordings={name: text}, settings={key: value}, writes=False, usb="mounted"): `writes`
    waits until the board may write the drive, some seconds after its start.
    """

    def start(recordings=None, settings=None, writes=False, **more):
        files = {f"data/{name}": text for name, text in (recordings or {}).items()}
        simulated = boards(files=files, settings={**SETTINGS, **(settings or {})}, **more)
        if writes:
            simulated.change(speed=20)
            simulated.wait_for_output("the board has taken the drive")
            simulated.change(speed=1)
        return simulated

    return start
