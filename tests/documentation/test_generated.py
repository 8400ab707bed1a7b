"""Generated files agree with their sources, and imports run one way."""

import subprocess
import sys

import pytest
from toolkit import generated
from toolkit.environment import ROOT
from toolkit.generated import imports, rooms, shipped_settings

# generate.py with one generated file, as if its sources had changed.
STALE = """
import sys
sys.path.insert(0, "scripts")
import generate
from toolkit import generated
generated.MAKERS = {"LICENSE.txt": lambda root: (root / "LICENSE.txt").read_text("utf-8"), "other.md": lambda root: "new"}
sys.argv = ["generate.py", "--check"]
generate.main()
"""


def run(*arguments):
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_nothing_is_stale():
    done = run("scripts/generate.py", "--check")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_check_names_what_is_stale_and_writes_nothing():
    done = run("-c", STALE)
    assert done.returncode == 1
    assert done.stderr == "generate.py: stale: other.md. Run: python3 scripts/generate.py\n"
    assert not (ROOT / "other.md").exists()


def test_all_of_the_settings_are_shipped():
    keys = {row["key"] for row in shipped_settings.read_schema(ROOT)["settings"]}
    lines = (ROOT / "settings.toml").read_text("utf-8").splitlines()
    assert keys < {line.partition(" =")[0] for line in lines}
    assert all(len(line) <= 100 for line in lines)


def test_imports_run_one_way():
    assert imports.circles(imports.find(ROOT, rooms.sources(ROOT))) == []


@pytest.mark.parametrize(
    ("files", "circles"),
    [
        ({"lib/a.py": "import b", "lib/b.py": "from a import x"}, [["lib/a.py", "lib/b.py"]]),
        ({"lib/a.py": "import b", "lib/b.py": "def f():\n    import a"}, []),
        (
            {
                "lib/a/__init__.py": "",
                "lib/a/b.py": "from .c import x",
                "lib/a/c.py": "from . import b",
            },
            [["lib/a/b.py", "lib/a/c.py"]],
        ),
        (
            {"www/a.js": "import { b } from './b.js';", "www/b.js": "export { a } from './a.js';"},
            [["www/a.js", "www/b.js"]],
        ),
        (
            {"www/a.js": "import { b } from './b.js';", "www/b.js": "const a = import('./a.js');"},
            [],
        ),
    ],
)
def test_circles_are_found(tmp_path, files, circles):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert imports.circles(imports.find(tmp_path, list(files))) == circles


def test_pages_import_by_any_path(tmp_path):
    files = {
        "www/app.js": "import './base.js';\nload('/pages/log.js');",
        "www/base.js": "export const load = (path) => import(path);",
        "www/pages/log.js": "import {\n  load,\n} from '../base.js';",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert imports.find(tmp_path, list(files)) == [
        imports.Import("www/app.js", "www/base.js", later=False),
        imports.Import("www/app.js", "www/pages/log.js", later=True),
        imports.Import("www/pages/log.js", "www/base.js", later=False),
    ]


def test_the_picture_tells_now_from_later(tmp_path):
    files = {
        "boot.py": "",
        "code.py": "from datalogger import app",
        "lib/datalogger/__init__.py": "",
        "lib/datalogger/app.py": "from .web import pages",
        "lib/datalogger/log.py": "",
        "lib/datalogger/web/__init__.py": '"""The pages: a sentence that ends here."""',
        "lib/datalogger/web/pages.py": "from .. import log\n\n\ndef f():\n    on_demand('files')",
        "lib/datalogger/rare/files.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / rooms.FILE).write_text(f"before\n{rooms.START}old\n{rooms.END}after\n")
    picture = rooms.text(tmp_path)
    assert picture.startswith(f"before\n{rooms.START}\n**On the board**")
    assert picture.endswith(f"{rooms.END}after\n")
    assert '["<b>datalogger/web</b><br>The pages"]' in picture
    for arrow in (
        "code_py --> lib_datalogger_app_py",
        "lib_datalogger_app_py --> lib_datalogger_web",
        "lib_datalogger_web --> lib_datalogger\n",
        "lib_datalogger_web -.-> lib_datalogger_rare",
    ):
        assert arrow in picture


def test_a_file_without_the_marks_is_refused(tmp_path):
    (tmp_path / rooms.FILE).write_text("no marks")
    with pytest.raises(ValueError, match="CONTRIBUTING.md lacks the lines"):
        rooms.text(tmp_path)


def test_every_generated_file_is_known():
    assert set(generated.MAKERS) == {
        "settings.toml",
        "docs/library.md",
        "docs/api.md",
        "CONTRIBUTING.md",
    }
