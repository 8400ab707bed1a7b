"""The project's own Python environment: made on first use, repaired after an interruption, shared
by scripts that run at once."""

import os
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from toolkit.environment import ROOT

pytestmark = pytest.mark.slow

SCRIPT = """
import sys
from toolkit import environment
environment.ensure()
import {module}
print("inside", sys.prefix == str(environment.ROOT / ".venv"), sys.argv[1:])
"""


@pytest.fixture
def project(tmp_path):
    """A project that needs one small package, which lies in a folder beside it."""
    return make_project(tmp_path)


@pytest.fixture(scope="module")
def first_start(tmp_path_factory):
    """Such a project whose script was started once, and what it printed: that takes several seconds."""
    root = make_project(tmp_path_factory.mktemp("made"))
    code, out, err = run(root, "--option", "a b")
    assert code == 0, err
    return root, out


@pytest.fixture
def made_project(project, first_start):
    """A project whose environment is made already."""
    shutil.copytree(first_start[0] / ".venv", project / ".venv", symlinks=True)
    (project / "build").mkdir()
    return project


def make_project(folder):
    root = folder / "project"
    (root / "scripts" / "toolkit").mkdir(parents=True)
    for name in (
        "__init__.py",
        "environment.py",
        "errors.py",
        "locks.py",
        "package_failures.py",
        "plain_text.py",
    ):
        shutil.copy(ROOT / "scripts" / "toolkit" / name, root / "scripts" / "toolkit")
    make_package(folder / "index", "sample", "1.0")
    write(root, "scripts/requirements.txt", "sample==1.0\n")
    write(root, "scripts/work.py", SCRIPT.format(module="sample"))
    return root


def write(root, name, text):
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


def make_package(folder, name, version):
    """A wheel with one module, made by hand."""
    folder.mkdir(exist_ok=True)
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}.py", f"version = {version!r}\n")
        wheel.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")


def surroundings(root):
    """The computer's environment, but its package index is the folder beside the project."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PIP_")},
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(root.parent / "index"),
    }


def start(root, *arguments, **variables):
    return subprocess.Popen(
        [sys.executable, str(root / "scripts" / "work.py"), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**surroundings(root), **variables},
    )


def run(root, *arguments, **variables):
    process = start(root, *arguments, **variables)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_first_start_installs_and_later_ones_say_nothing(first_start):
    project, out = first_start
    assert "  processing sample-1.0-py3-none-any.whl\n" in out
    assert "\r" not in out and "\x1b" not in out
    assert out.endswith("inside True ['--option', 'a b']\n")
    assert run(project) == (0, "inside True []\n", "")


def test_changed_requirements_are_installed(made_project):
    project = made_project
    assert run(project) == (0, "inside True []\n", "")
    make_package(project.parent / "index", "sample", "2.0")
    write(project, "scripts/requirements.txt", "sample==2.0\n")
    code, out, _ = run(project)
    assert code == 0 and "processing sample-2.0" in out
    assert run(project)[1] == "inside True []\n"


def test_two_at_once_install_once(project):
    both = [start(project), start(project)]
    results = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], results
    outputs = [out for out, _ in results]
    assert sum("Setting up the Python environment" in out for out in outputs) == 1
    assert all(out.endswith("inside True []\n") for out in outputs)


@pytest.mark.parametrize("damage", ["no python", "no pip", "pip was ended"])
def test_half_made_environment_is_made_anew(made_project, damage):
    project, venv = made_project, made_project / ".venv"
    (venv / "installed-scripts.sha256").unlink()
    site = next(venv.glob("lib/python*/site-packages"))
    if damage == "no python":
        for path in (venv / "bin").iterdir():
            path.unlink()
    elif damage == "no pip":
        shutil.rmtree(site / "pip")
    else:
        (venv / "installing").touch()
        (site / "sample.py").unlink()
    code, out, err = run(project)
    assert code == 0 and out.endswith("inside True []\n"), err


def test_missing_package_is_one_clear_line_and_mends_itself_later(made_project):
    project = made_project
    write(project, "scripts/requirements.txt", "absent==1.0\n")
    write(project, "scripts/work.py", SCRIPT.format(module="absent"))
    code, _, err = run(project)
    assert code == 1
    assert len(err.splitlines()) == 1 and "absent==1.0" in err and "Traceback" not in err
    log = project / "build" / "environment.log"
    assert str(log) in err and "absent" in log.read_text()
    make_package(project.parent / "index", "absent", "1.0")
    assert run(project)[0] == 0


def test_package_index_that_does_not_answer_is_told(made_project):
    project = made_project
    write(project, "scripts/requirements.txt", "absent==1.0\n")
    options = {"PIP_NO_INDEX": "", "PIP_FIND_LINKS": "", "PIP_RETRIES": "1"}
    options["PIP_INDEX_URL"] = "http://127.0.0.1:9/simple"
    code, _, err = run(project, **options)
    assert code == 1 and len(err.splitlines()) == 1
    assert "the package registry did not answer" in err


def test_missing_venv_module_names_the_package_to_install(project):
    hook = (
        "import importlib.util, sys\n"
        "find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *more: None if name == 'ensurepip' else find(name, *more)\n"
    )
    script = project / "scripts" / "work.py"
    script.write_text(hook + script.read_text())
    code, _, err = run(project)
    assert code == 1
    version = "{}.{}".format(*sys.version_info)
    assert err.endswith(f"install it first (Debian, Ubuntu: apt install python{version}-venv).\n")
    assert len(err.splitlines()) == 1


def test_old_python_is_told(project):
    script = project / "scripts" / "work.py"
    script.write_text("import sys\nsys.version_info = (3, 9, 2)\n" + script.read_text())
    code, _, err = run(project)
    assert code == 1 and "Python 3.10 or later is needed" in err and len(err.splitlines()) == 1


def test_project_may_be_moved(made_project):
    project = made_project
    assert run(project)[0] == 0
    moved = project.with_name("else where")
    project.rename(moved)
    code, out, err = run(moved)
    assert code == 0 and out.endswith("inside True []\n"), err


def pinned():
    """Yields every pinned requirement, except those of Node.js, which only some computers need, and
    those of the board, which are not installed here."""
    files = [*ROOT.glob("scripts/**/*requirements*.txt"), *ROOT.glob("tests/requirements*.txt")]
    assert len(files) >= 6
    for file in files:
        if file.name not in ("node-requirements.txt", "device-requirements.txt"):
            for line in file.read_text().splitlines():
                if line and not line.startswith(("#", " ")):
                    yield line.removesuffix(" \\")


def test_what_the_scripts_need_can_be_installed_under_the_oldest_python():
    oldest = {"python_version": "3.10", "python_full_version": "3.10.0"}
    for line in pinned():
        requirement = Requirement(line)
        here = requirement.marker is None or requirement.marker.evaluate()
        if here and (requirement.marker is None or requirement.marker.evaluate(oldest)):
            needed = metadata.metadata(requirement.name)["Requires-Python"] or ""
            assert SpecifierSet(needed).contains("3.10.0"), f"{line} needs Python {needed}"
