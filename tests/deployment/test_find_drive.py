"""Finding the drive on three systems, and choosing among several."""

import ctypes
from pathlib import Path

import pytest
from deployment import limited_drive
from toolkit.deploy import choose_drive, find_drive
from toolkit.errors import ToolkitError

# /proc/self/mounts of a Debian 12 desktop with one board.
DEBIAN = """\
sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0
/dev/nvme0n1p2 / ext4 rw,relatime,errors=remount-ro 0 0
/dev/nvme0n1p1 /boot/efi vfat rw,relatime,fmask=0077,codepage=437,iocharset=ascii,errors=remount-ro 0 0
tmpfs /run/user/1000 tmpfs rw,nosuid,nodev,relatime,size=1617748k,mode=700,uid=1000,gid=1000,inode64 0 0
/dev/sda1 /media/anna/CIRCUITPY vfat rw,nosuid,nodev,relatime,uid=1000,gid=1000,utf8,flush,errors=remount-ro 0 0
"""

SECOND_OF_A_NAME = DEBIAN + "/dev/sdb1 /media/anna/CIRCUITPY1 vfat rw,relatime 0 0\n"


@pytest.fixture
def by_label(tmp_path):
    """Makes /dev/disk/by-label as udev does: links from a label to a device."""
    folder = tmp_path / "by-label"
    folder.mkdir()

    def make(**links):
        for label, device in links.items():
            (folder / label).symlink_to(device)
        return folder

    return make


def test_linux_finds_the_mounted_board(by_label):
    labels = by_label(CIRCUITPY="/dev/sda1", EFI="/dev/nvme0n1p1")
    assert find_drive.linux(DEBIAN, labels).drives == [Path("/media/anna/CIRCUITPY")]


def test_linux_finds_a_board_by_label_wherever_it_is_mounted(by_label):
    labels = by_label(CIRCUITPY="/dev/sdb1")
    mounts = DEBIAN + "/dev/sdb1 /mnt/my\\040board vfat rw,relatime 0 0\n"
    found = find_drive.linux(mounts, labels).drives
    assert found == [Path("/media/anna/CIRCUITPY"), Path("/mnt/my board")]


def test_linux_without_labels_goes_by_the_folder():
    found = find_drive.linux(SECOND_OF_A_NAME, Path("/nowhere"))
    assert found.drives == [Path("/media/anna/CIRCUITPY"), Path("/media/anna/CIRCUITPY1")]


def test_linux_tells_of_a_board_that_is_not_mounted(by_label):
    found = find_drive.linux(
        DEBIAN.replace("/dev/sda1", "/dev/sdz1"), by_label(CIRCUITPY="/dev/sdc1")
    )
    assert found.unmounted == ["/dev/sdc1"]


def test_linux_takes_no_other_drive_for_a_board(by_label):
    mounts = DEBIAN.replace("/media/anna/CIRCUITPY", "/media/anna/CIRCUITPY-backup")
    assert find_drive.linux(mounts, by_label(BACKUP="/dev/sda1")) == find_drive.Found([], [])


@pytest.mark.parametrize("kind", ["ext4", "fuseblk", "exfat", "ntfs3", "btrfs"])
def test_linux_takes_only_fat_for_a_board(by_label, kind):
    """Others can hold links, which lead to the computer's own files."""
    mounts = DEBIAN.replace("CIRCUITPY vfat", f"CIRCUITPY {kind}")
    assert find_drive.linux(mounts, by_label(CIRCUITPY="/dev/sda1")).drives == []


# What mount(8) prints on macOS 15 with two boards, a disk image and a volume of a similar name.
MACOS = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
devfs on /dev (devfs, local, nobrowse)
/dev/disk4s1 on /Volumes/CIRCUITPY (msdos, local, nodev, nosuid, noowners)
/dev/disk5s1 on /Volumes/CIRCUITPY 1 (msdos, asynchronous, local, noowners)
/dev/disk6s1 on /Volumes/CIRCUITPY 2 (hfs, local, nodev, nosuid, read-only, noowners)
/dev/disk7s1 on /Volumes/CIRCUITPY-backup (msdos, local)
"""


def test_macos_finds_fat_volumes_by_name():
    found = find_drive.macos(MACOS).drives
    assert found == [Path("/Volumes/CIRCUITPY"), Path("/Volumes/CIRCUITPY 1")]


def test_macos_without_a_board_finds_nothing():
    assert find_drive.macos("/dev/disk3s1s1 on / (apfs, local)\n").drives == []


# D: is an empty card reader.
LABELS = {
    "C:\\": ("Windows", "NTFS"),
    "E:\\": ("CIRCUITPY", "FAT"),
    "F:\\": ("CIRCUITPYTHON", "FAT"),
    "G:\\": ("CIRCUITPY", "FAT32"),
    "H:\\": ("CIRCUITPY", "NTFS"),
}


class Kernel32:
    """Answers as Windows does with two boards plugged in."""

    def GetLogicalDrives(self):
        return 0b11111100  # C to H

    def GetVolumeInformationW(self, root, label, size, _serial, _longest, _flags, kind, kind_size):
        if root not in LABELS:
            return 0
        for buffer, length in ((label, size), (kind, kind_size)):
            assert ctypes.sizeof(buffer) >= length * ctypes.sizeof(ctypes.c_wchar)
        label.value, kind.value = LABELS[root]
        return 1


def test_windows_finds_fat_drives_by_label():
    found = find_drive.windows(Kernel32()).drives
    assert [str(drive) for drive in found] == ["E:\\", "G:\\"]


# ---- Choosing ----


@pytest.fixture
def found(monkeypatch):
    """Sets what the search finds."""

    def set_found(*drives, unmounted=()):
        result = find_drive.Found(list(drives), list(unmounted))
        monkeypatch.setattr(find_drive, "find", lambda: result)

    return set_found


def at_terminal(monkeypatch, yes):
    monkeypatch.setattr("sys.stdin", type("Stdin", (), {"isatty": staticmethod(lambda: yes)})())


def test_the_only_drive_is_taken(found, fresh_drive):
    found(fresh_drive)
    drive, board = choose_drive.choose(None)
    assert drive.root == fresh_drive
    assert board.id == "raspberry_pi_pico_w"


def test_the_given_drive_is_taken_without_a_search(found, fresh_drive):
    found()
    assert choose_drive.choose(fresh_drive)[0].root == fresh_drive


def test_of_several_one_is_asked_for(found, fresh_drive, tmp_path, monkeypatch, capsys):
    second = limited_drive.fresh(tmp_path / "second")
    found(fresh_drive, second)
    at_terminal(monkeypatch, True)
    answers = iter(["", "3", "x", "2"])
    drive, _ = choose_drive.choose(None, lambda prompt: next(answers))
    assert drive.root == second
    assert "Raspberry Pi Pico W with rp2040, E6614103E7452D2F" in capsys.readouterr().out


def test_of_several_none_is_guessed_without_a_terminal(found, fresh_drive, tmp_path, monkeypatch):
    found(fresh_drive, limited_drive.fresh(tmp_path / "second"))
    at_terminal(monkeypatch, False)
    with pytest.raises(ToolkitError, match="Several boards are plugged in; pick one with --to"):
        choose_drive.choose(None)


def test_no_drive_says_what_to_do(found):
    found()
    with pytest.raises(ToolkitError, match="No drive called CIRCUITPY was found.*--to.*--wifi"):
        choose_drive.choose(None)


def test_a_drive_that_is_not_mounted_says_how(found):
    found(unmounted=["/dev/sdc1"])
    with pytest.raises(ToolkitError, match="not mounted.*udisksctl mount -b /dev/sdc1"):
        choose_drive.choose(None)


def test_a_folder_that_is_no_circuitpython_drive_is_refused(tmp_path):
    with pytest.raises(ToolkitError, match=r"has no boot_out\.txt"):
        choose_drive.choose(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ToolkitError, match="is not a folder"):
        choose_drive.choose(tmp_path / "nowhere")
