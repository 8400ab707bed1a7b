"""The pages for the drive: minified without a change in behaviour, compressed, reproducible."""

import gzip
import json
import os
import re
import shutil

import pytest
from toolkit import downloads, environment
from toolkit.errors import ToolkitError
from toolkit.payload import first_visit, node, pages

HTML = """\
<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <!-- a comment -->
  <title>Grüße</title>
  <link rel="stylesheet" href="style.css?v=1">
  <link rel="icon" href="/icon.svg">
  <script type="module" src="/app.js"></script>
</head>
<body>
  <p>One  <b>two</b>   <i>three</i></p>
  <pre>  kept
    as   it is</pre>
  <svg viewBox="0 0 24 24"><linearGradient id="a"/></svg>
  <input value="" disabled hidden="until-found" data-x='{"a": 1}'>
</body>
</html>
"""
CSS = """\
/* a comment */
:root { --gap: 8px; --empty:; --list: a  b }
@media (min-width: 360px) { p { margin: calc(var(--gap) * 2) ; color: #ff0000 } }
"""
MODULE = """\
// a comment
import { other } from './other.js';
export function publicName(longParameter) {
  const template = html`<p>  ${longParameter}  </p>`;
  return other(template) ?? 'ü';
}
"""
SCRIPT = """\
function calledFromOutside(first, second) {
  return first + second;
}
var alsoGlobal = calledFromOutside(1, 2);
"""


@pytest.fixture
def www(tmp_path):
    folder = tmp_path / "www"
    folder.mkdir()
    return folder


def build(www):
    """Return {source: asset} of the pages' own files."""
    built = pages.build(www, lambda text: None)
    return {
        str(asset.source): asset
        for asset in built
        if asset.source.parts[0] not in ("uplot", "lean-qr")
    }


def minified(www, name, text):
    (www / name).write_text(text)
    asset = build(www)[name]
    assert asset.minified_size == len(gzip.decompress(asset.content)) < asset.source_size
    return gzip.decompress(asset.content).decode()


def test_html_keeps_what_shows(www):
    text = minified(www, "page.html", HTML)
    assert "<!-- a comment -->" not in text
    assert "One <b>two</b> <i>three</i>" in text
    assert "<pre>  kept\n    as   it is</pre>" in text
    assert 'viewBox="0 0 24 24"' in text and "linearGradient" in text
    assert 'hidden="until-found"' in text and """data-x='{"a": 1}'""" in text
    assert "Grüße" in text


def test_css_keeps_custom_properties(www):
    text = minified(www, "style.css", CSS)
    assert "comment" not in text
    for part in ("--gap: 8px", "--empty:", "--list: a b", "calc(var(--gap)"):
        assert part.replace(" ", "") in text.replace(" ", "")


def test_modules_keep_their_exports_and_their_templates(www):
    text = minified(www, "app.js", MODULE)
    assert "comment" not in text and "longParameter" not in text
    assert "publicName" in text and "./other.js" in text
    assert "`<p>  ${" in text and "ü" in text


def test_classic_scripts_keep_their_global_names(www):
    text = minified(www, "old.js", SCRIPT)
    assert "function calledFromOutside(" in text and "var alsoGlobal" in text


def test_minified_javascript_runs_alike(www, tmp_path):
    source = SCRIPT + "console.log(JSON.stringify([alsoGlobal, calledFromOutside('a', 'b')]));\n"
    text = minified(www, "old.js", source)
    outputs = []
    for name, code in (("source.js", source), ("minified.js", text)):
        script = tmp_path / name
        script.write_text(code)
        outputs.append(node.run(script, [], "", lambda text: None))
    assert outputs[0] == outputs[1] == '[3,"ab"]\n'


def test_compressed_formats_are_stored_as_they_are(www):
    for name in ("photo.png", "FONT.WOFF2", "ready.js.gz"):
        (www / name).write_bytes(b"\x89 not really")
    (www / "plain.json").write_text('{"a":  1}')
    built = build(www)
    for name in ("photo.png", "FONT.WOFF2", "ready.js.gz"):
        assert str(built[name].target) == name
        assert built[name].content == b"\x89 not really"
    assert str(built["plain.json"].target) == "plain.json.gz"
    assert gzip.decompress(built["plain.json"].content) == b'{"a":  1}'


def test_the_result_is_the_same_to_the_byte_and_carries_no_time_or_name(www, tmp_path, monkeypatch):
    (www / "page.html").write_text(HTML)
    first = build(www)["page.html"].content
    monkeypatch.setattr(environment, "BUILD", separate_build(tmp_path))
    os.utime(www / "page.html", (1, 1))
    assert build(www)["page.html"].content == first
    # RFC 1952: magic, method, flags (none: no name), time (none).
    assert first[:8] == b"\x1f\x8b\x08\0\0\0\0\0"


def separate_build(tmp_path):
    """A build folder with the packages, but with nothing minified yet."""
    folder = build_with_node(tmp_path)
    (folder / "npm").symlink_to(environment.BUILD / "npm")
    return folder


def build_with_node(tmp_path):
    """A build folder without packages, but with Node.js if that had to be fetched."""
    folder = tmp_path / "build"
    folder.mkdir()
    if (environment.BUILD / "node").exists():
        (folder / "node").symlink_to(environment.BUILD / "node")
    return folder


def test_a_second_build_minifies_nothing(www, monkeypatch):
    (www / "page.html").write_text(HTML)
    build(www)
    monkeypatch.setattr(node, "run", lambda *arguments: pytest.fail("minified again"))
    build(www)


def test_a_damaged_intermediate_result_is_made_again(www, tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "BUILD", separate_build(tmp_path))
    (www / "page.html").write_text(HTML)
    before = build(www)["page.html"].content
    for file in (tmp_path / "build/assets").iterdir():
        file.write_bytes(file.read_bytes()[:-5])
    assert build(www)["page.html"].content == before


def test_the_chart_library_comes_along():
    built = {str(asset.source): asset for asset in pages.build(environment.ROOT / "www", print)}
    code = gzip.decompress(built["uplot/uPlot.js"].content).decode()
    assert code.startswith("/*! https://github.com/leeoniya/uPlot") and "var uPlot=" in code
    assert ".u-legend" in gzip.decompress(built["uplot/uPlot.css"].content).decode()
    assert "MIT License" in gzip.decompress(built["uplot/LICENSE.txt"].content).decode()


# ---- Refusals ----


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("app.js", "let a = 1;\nlet b = (;\n", r"www/app\.js:2:\d+: "),
        ("page.html", "<p <b>", r"www/page\.html: "),
    ],
)
def test_a_mistake_in_a_page_is_told_with_its_place(www, name, text, place):
    (www / name).write_text(text)
    with pytest.raises(ToolkitError, match=place):
        build(www)


def test_a_mistake_in_a_style_sheet_is_a_warning(www):
    (www / "style.css").write_text("p { color: red; }}\n")
    for _ in range(2):
        told = []
        pages.build(www, told.append)
        assert [line for line in told if line.startswith("Warning: www/style.css:1:")]


def test_text_that_is_not_utf8_is_refused(www):
    (www / "page.html").write_bytes(b"<p>Gr\xfc\xdfe")
    with pytest.raises(ToolkitError, match=r"www/page\.html is not UTF-8 text \(byte 5\)"):
        build(www)


def test_links_are_refused(www):
    (www / "page.html").symlink_to("/etc/hostname")
    with pytest.raises(ToolkitError, match=r"www/page\.html is a symbolic link"):
        build(www)


@pytest.mark.parametrize("name", [".htaccess", ".well-known/thing.txt"])
def test_hidden_files_are_refused(www, name):
    (www / name).parent.mkdir(exist_ok=True)
    (www / name).write_text("x")
    with pytest.raises(ToolkitError, match="is a hidden file"):
        build(www)


def test_what_systems_and_editors_leave_behind_is_skipped(www):
    (www / "__pycache__").mkdir()
    for name in (
        ".DS_Store",
        "._page.html",
        "Thumbs.db",
        "page.html~",
        ".page.html.swp",
        ".page.html.kate-swp",
        "#page.html#",
        "__pycache__/a",
    ):
        (www / name).write_bytes(b"\0")
    (www / ".#page.html").symlink_to(
        "somebody@computer.1234:5678"
    )  # as Emacs marks unsaved changes
    assert build(www) == {}


@pytest.mark.parametrize(
    "names", [("App.js", "app.js"), ("app.js", "app.js.gz"), ("A/x.txt", "a/X.txt")]
)
def test_two_files_that_become_one_on_the_drive_are_refused(www, names):
    for name in names:
        (www / name).parent.mkdir(exist_ok=True)
        (www / name).write_text("x")
    with pytest.raises(ToolkitError, match="would be the same file on the drive"):
        build(www)


@pytest.mark.parametrize("name", ["my page.html", "grün.css", "a+b.js", "a%20b.txt"])
def test_names_that_the_board_does_not_serve_are_refused(www, name):
    (www / name).write_text("x")
    with pytest.raises(ToolkitError, match="the board serves only names of letters"):
        build(www)


def test_a_page_in_the_place_of_the_chart_library_is_refused(www):
    (www / "uplot").mkdir()
    (www / "uplot/uPlot.js").write_text("x")
    with pytest.raises(ToolkitError, match="would be overwritten by a library"):
        build(www)


# ---- The packages ----


def test_the_lock_file_names_no_registry_and_checks_every_package():
    lock = json.loads((environment.ROOT / "scripts/package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert len(packages) > 3
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


def test_without_a_network_the_message_is_one_clear_line(www, tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "BUILD", build_with_node(tmp_path))
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(ToolkitError) as raised:
        build(www)
    assert raised.value.message == (
        "The minifiers and the chart library could not be fetched: the package registry did not answer (ECONNREFUSED). "
        "It is needed once; after that everything works offline."
    )
    assert not (tmp_path / "build/npm").exists()


def test_what_was_fetched_once_needs_no_network(monkeypatch):
    node.packages(lambda text: None)
    monkeypatch.setattr(
        downloads, "run", lambda *arguments, **options: pytest.fail("fetched again")
    )
    assert (node.packages(lambda text: None) / "node_modules/uplot").is_dir()


def test_an_interrupted_fetch_is_begun_anew(tmp_path):
    def interrupted(folder):
        (folder / "half").write_text("x")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        downloads.folder(tmp_path / "cache", [b"1"], interrupted)
    assert list(tmp_path.iterdir()) == []
    downloads.folder(tmp_path / "cache", [b"1"], lambda folder: (folder / "whole").write_text("y"))
    assert (tmp_path / "cache/whole").read_text() == "y"


@pytest.mark.parametrize("again", [b"1", b"2"])
def test_another_list_of_versions_is_fetched_anew(tmp_path, again):
    made = []
    for version in (b"1", again):
        downloads.folder(tmp_path / "cache", [version], made.append)
    assert len(made) == (1 if again == b"1" else 2)


def test_an_old_node_on_the_path_is_passed_over(tmp_path, monkeypatch):
    program = tmp_path / "node"
    program.write_text("#!/bin/sh\necho v16.20.2\n")
    program.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(program))
    monkeypatch.setattr(node, "_from_pypi", lambda report: tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/node").symlink_to(program)
    assert node._node(lambda text: None) == str(tmp_path / "bin/node")


# ---- The first visit ----


def test_the_first_visit_follows_what_the_page_loads_at_once(www):
    (www / "index.html").write_text(HTML)
    (www / "style.css").write_text("@import 'more.css'; p { background: url(/pic.png) }")
    (www / "app.js").write_text(
        "import { a } from './ui.js';\nimport './side.js';\nconst later = import('./later.js');\n"
        "export * from './again.js';\n"
    )
    for name in ("more.css", "pic.png", "ui.js", "side.js", "later.js", "again.js", "icon.svg"):
        (www / name).write_text("")
    assert first_visit.paths(www) == [
        *("index.html", "style.css", "icon.svg", "app.js", "more.css", "pic.png"),
        *("ui.js", "side.js", "again.js"),
    ]


def test_without_a_page_there_is_no_first_visit(www):
    assert first_visit.paths(www) == []


# ---- gzip_assets.py ----


def test_the_script_writes_the_pages_and_removes_what_is_gone(project):
    (project.root / "www/old.txt").write_text("old")
    out = project.root / "out"
    first = project.run("gzip_assets.py", "--out", out)
    assert first.returncode == 0, first.stderr
    assert "index.html" in first.stdout and "First visit: " in first.stdout
    assert (out / "old.txt.gz").exists() and (out / "uplot/uPlot.js.gz").exists()
    (out / "mine.txt").write_text("not made here")
    (project.root / "www/old.txt").unlink()
    project.run("gzip_assets.py", "--out", out)
    assert not (out / "old.txt.gz").exists()
    assert (out / "mine.txt").exists()


def test_a_narrow_table_keeps_whole_names_and_figures(project):
    (project.root / "www/a_page_with_a_very_long_name_indeed.txt").write_text("x" * 2000)
    result = project.run("gzip_assets.py", COLUMNS="50")
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    name = "".join(line.split(" ")[0] for line in lines[1:4])
    assert name.startswith("a_page_with_a_very_long_name_indeed.txt")
    assert "2.0 KB" in lines[1] and "…" not in result.stdout


def test_a_folder_that_cannot_be_written_is_told_in_one_line(project):
    (project.root / "file").touch()
    folder = project.root / "file/www"
    result = project.run("gzip_assets.py", "--out", folder)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == f"gzip_assets.py: {folder}: Not a directory"
    assert "Traceback" not in result.stderr


def test_the_script_tells_a_mistake_in_one_line(project):
    (project.root / "www/app.js").write_text("let = ;\n")
    result = project.run("gzip_assets.py", "--out", project.root / "out")
    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert last.startswith("gzip_assets.py: www/app.js:1:")
    assert "Traceback" not in result.stderr


# ---- Addresses that change with content ----


def test_references_change_with_what_they_lead_to(www):
    (www / "index.html").write_text(
        '<!doctype html><link rel="stylesheet" href="/style.css"><script src="/app.js"></script>'
        '<a href="/app.js">source</a>'
    )
    (www / "style.css").write_text("p { color: red }")
    (www / "app.js").write_text(
        "import { a } from './base.js';\nload('/base.js', a, '/missing.js');\n"
    )

    def references(base):
        (www / "base.js").write_text(base)
        text = {name: gzip.decompress(asset.content).decode() for name, asset in build(www).items()}
        both = text["index.html"] + text["app.js"]
        return re.findall(r"[\w./]+\.(?:js|css)\b(?:\?v=[0-9a-f]{8})?", both)

    first, again = references("export const a = 1;"), references("export const a = 1;")
    assert first == again
    changed = references("export const a = 2;")
    style, app, link, base, later, missing = first
    assert link == "/app.js" and missing == "/missing.js"
    assert base.partition("?")[2] == later.partition("?")[2] != ""
    assert changed[0] == style
    assert changed[1] != app and changed[3] != base and changed[4] != later


def test_a_circle_of_references_still_builds(www):
    (www / "index.html").write_text('<script src="/a.js"></script><script src="/b.js"></script>')
    (www / "a.js").write_text("import './b.js';\n")
    (www / "b.js").write_text("import './a.js';\n")
    texts = [gzip.decompress(build(www)[name].content).decode() for name in ("a.js", "b.js")]
    assert "./b.js?v=" in texts[0] and "./a.js" in texts[1]


# ---- Modules that travel inside another one ----

PAGE = '<!doctype html><script type="module" src="/app.js"></script>'


def write(www, **modules):
    """Write a page with /app.js, and modules: their names, with __ for the slash of a folder."""
    (www / "index.html").write_text(PAGE)
    for name, text in modules.items():
        file = www / (name.replace("__", "/") + ".js")
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)


def scripts(www):
    return {
        name: gzip.decompress(asset.content).decode()
        for name, asset in build(www).items()
        if name.endswith(".js")
    }


def test_a_module_that_one_other_imports_travels_inside_it(www, tmp_path):
    write(
        www,
        app="import { say } from './base.js';\nimport { page } from './parts/only.js';\n"
        "say('app', page());\nexport const later = () => import('./pages/later.js');\n",
        base="import words from './words.js';\nconst t = (key) => words[key];\n"
        "export const told = [];\nexport const say = (...what) => told.push(t('said'), ...what);\n",
        words="export default { said: 'Grüße' };\n",
        parts__only="import { say } from '../base.js';\nconst t = 'only';\nexport const page = () => say(t);\n",
        pages__later="import { say, told } from '../base.js';\nsay('later');\nconsole.log(JSON.stringify(told));\n",
    )
    built = scripts(www)
    assert sorted(built) == ["app.js", "base.js", "pages/later.js"]
    addresses = {
        reference
        for text in built.values()
        for reference in re.findall(r"""["']([./\w]*base\.js\?v=\w+)["']""", text)
    }
    assert len(addresses) == 2, (
        "app.js has the path of the root, later.js the one it was written with"
    )
    assert len({address.partition("?")[2] for address in addresses}) == 1
    # Node.js knows no addresses from the root, nor what follows a "?" as a file of its own
    (tmp_path / "run/pages").mkdir(parents=True)
    (tmp_path / "run/package.json").write_text('{"type": "module"}')
    for name, text in built.items():
        plain = re.sub(r"\?v=\w+", "", text).replace('"/', '"./')
        (tmp_path / "run" / name).write_text(plain)
    (tmp_path / "run/start.js").write_text("import { later } from './app.js';\nawait later();\n")
    output = node.run(tmp_path / "run/start.js", [], "", lambda text: None)
    assert json.loads(output) == ["Grüße", "only", "Grüße", "app", 2, "Grüße", "later"]


def test_modules_join_along_a_chain(www):
    write(
        www,
        app="import './chart.js';\n",
        chart="import './lanes.js';\nimport './ticks.js';\n",
        lanes="import { a } from './ticks.js';\nconsole.log(a);\n",
        ticks="import './chart.js';\nexport const a = 1;\n",
    )
    assert list(scripts(www)) == ["app.js"]


@pytest.mark.parametrize(
    "mention",
    [
        "load('/one.js');",
        'load("./one.js");',
        "import('./one.js');",
        "new Worker(`/one.js`);",
        "import './one.js?again';",
    ],
)
def test_a_module_that_is_asked_for_by_name_stays(www, mention):
    write(www, app="import './one.js';\n" + mention + "\n", one="export const one = 1;\n")
    assert sorted(scripts(www)) == ["app.js", "one.js"]


def test_a_module_that_a_page_loads_stays(www):
    write(www, app="import './one.js';\n", one="export const one = 1;\n")
    (www / "more.html").write_text("<!doctype html><script type=module src=/one.js></script>")
    assert sorted(scripts(www)) == ["app.js", "one.js"]


def test_a_module_that_two_import_stays_and_comes_once(www):
    write(
        www,
        app="import { one } from './one.js';\nload('/two.js');\none.push('app');\n",
        two="import { one } from './one.js';\none.push('two');\n",
        one="export const one = [];\n",
    )
    built = scripts(www)
    assert sorted(built) == ["app.js", "one.js", "two.js"]
    assert "one.js?v=" in built["app.js"] and "one.js?v=" in built["two.js"]


def test_an_error_in_a_joined_module_is_told_with_its_place(www):
    write(www, app="import './one.js';\n", one="export const one = 1;\nlet = ;\n")
    with pytest.raises(ToolkitError, match=r"^www/one\.js:2:\d+: "):
        build(www)


def test_a_module_that_is_missing_is_left_to_the_browser(www):
    write(www, app="import './one.js';\nimport './gone.js';\n", one="console.log(1);\n")
    assert "gone.js" in scripts(www)["app.js"]


def test_joined_modules_are_built_once(www):
    new = os.urandom(8).hex()  # what earlier runs have built is still there
    write(www, app="import './one.js';\n", one=f"console.log('{new}');\n")
    told = []
    for _ in range(2):
        told.append([])
        pages.build(www, told[-1].append)
    assert any(text.startswith("Joining") for text in told[0])
    assert told[1] == []
