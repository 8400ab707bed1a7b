"""A volume that only pretends to be a board: links on it must not lead to the computer's files."""

import gzip
import os

import pytest
from deployment import samples
from deployment.limited_drive import tree
from toolkit import manifest
from toolkit.deploy import cable, choose_drive, replacing
from toolkit.deploy.mounted_drive import MountedDrive
from toolkit.errors import ToolkitError


@pytest.fixture
def computer(tmp_path):
    """Files of the computer that the links lead to."""
    folder = tmp_path / "computer"
    folder.mkdir()
    for name in (
        "code.py",
        "boot.py",
        "settings.toml",
        "secret.py",
        "boot_out.txt",
        "deployed.txt.gz",
    ):
        (folder / name).write_text(f"{name} of the computer\n")
    (folder / "x.py.new").write_bytes(b"of the computer" + replacing.MARK)
    return folder


def deploy(root):
    drive = MountedDrive(root)
    replacing.recover(drive)
    cable.carry_out(cable.prepare(drive, samples.version(1), samples.TEMPLATE))


FILES = (
    "code.py",
    "boot.py",
    "settings.toml",
    "lib/server.py",
    "lib/app/one.py",
    "www/deployed.txt.gz",
)


@pytest.mark.parametrize("name", [*FILES, *(f"{name}.new" for name in FILES)])
@pytest.mark.parametrize("to", ["code.py", "nothing yet"])
def test_a_linked_file_is_neither_read_nor_written(fresh_drive, computer, name, to):
    (fresh_drive / name).unlink(missing_ok=True)
    (fresh_drive / name).parent.mkdir(parents=True, exist_ok=True)
    (fresh_drive / name).symlink_to(computer / to)
    before = tree(computer)
    if name.startswith("lib/") and name.endswith(".new"):
        deploy(fresh_drive)  # no deployment opens this file
    else:
        with pytest.raises(ToolkitError, match=f"{name} on the drive is a link"):
            deploy(fresh_drive)
    assert tree(computer) == before


@pytest.mark.parametrize("name", ["lib", "www", "lib/app"])
def test_a_linked_folder_is_not_entered(fresh_drive, computer, name):
    if (fresh_drive / name).exists():
        (fresh_drive / name).rmdir()
    (fresh_drive / name).symlink_to(computer, target_is_directory=True)
    before = tree(computer)
    with pytest.raises(ToolkitError, match=f"{name} on the drive is a link"):
        deploy(fresh_drive)
    assert tree(computer) == before


def test_a_link_that_comes_at_the_last_moment_is_not_followed(fresh_drive, computer, monkeypatch):
    """Between the check for links and the opening of the file."""
    (fresh_drive / "code.py").unlink()
    (fresh_drive / "code.py").symlink_to(computer / "code.py")
    monkeypatch.setattr(MountedDrive, "_refuse_links", lambda self, path: None)
    before = tree(computer)
    with pytest.raises(ToolkitError):
        deploy(fresh_drive)
    assert tree(computer) == before


def test_a_linked_boot_out_is_not_read(fresh_drive, computer):
    (fresh_drive / "boot_out.txt").unlink()
    (fresh_drive / "boot_out.txt").symlink_to(computer / "boot_out.txt")
    with pytest.raises(ToolkitError, match="boot_out.txt on the drive is a link"):
        choose_drive.board_of(MountedDrive(fresh_drive))


@pytest.mark.parametrize("name", ["boot_out.txt", "code.py", "www/deployed.txt.gz"])
@pytest.mark.parametrize("kind", ["large", "pipe"])
def test_what_no_board_has_is_not_read(fresh_drive, name, kind):
    file = fresh_drive / name
    file.unlink(missing_ok=True)
    file.parent.mkdir(exist_ok=True)
    if kind == "pipe":
        os.mkfifo(file)  # reading it would wait for ever
    else:
        file.touch()
        os.truncate(file, 1 << 40)
    with pytest.raises(ToolkitError, match=f"{name} on the drive is no file"):
        choose_drive.board_of(MountedDrive(fresh_drive))
        deploy(fresh_drive)


@pytest.mark.parametrize(
    "path",
    ["lib/..\\..\\mine.txt", "lib/C:\\mine.txt", "lib/a:b", "../mine.txt", "lib/\x1b[2J", "/mine"],
)
def test_a_list_of_deployed_files_names_only_files_of_the_drive(path):
    """In Windows a backslash or a colon leads elsewhere."""
    text = f"{'0' * manifest.DIGEST_DIGITS}  {path}\n{'0' * manifest.DIGEST_DIGITS}  lib/a.py\n"
    assert list(map(str, manifest.read_any(gzip.compress(text.encode())))) == ["lib/a.py"]
