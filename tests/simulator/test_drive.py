"""The drive: who may write it, how much fits on it, and how FAT treats names."""

import random
from pathlib import PurePosixPath

import pytest
from toolkit import fat, settings_toml

RIGHTS = """
import os, storage, supervisor, time

def may_write():
    try:
        with open("/probe.txt", "w") as file:
            file.write("x")
        return True
    except OSError as error:
        assert error.errno == 30, error
        return False

def remount(readonly):
    try:
        storage.remount("/", readonly=readonly)
        return "ok"
    except RuntimeError as error:
        return str(error)

def wait_for_usb():
    while not supervisor.runtime.usb_connected:
        time.sleep(0.05)
"""
REFUSED = "Cannot remount path when visible via USB."


def test_python_may_write_only_after_remount(on_board, vm):
    on_board(
        RIGHTS
        + """
assert storage.getmount("/").readonly
assert not may_write()
for call in (lambda: os.mkdir("/x"), lambda: os.remove("/code.py"), lambda: os.rename("/code.py", "/c.py")):
    try:
        call()
        assert False
    except OSError as error:
        assert error.errno == 30
assert remount(False) == "ok"
assert may_write() and not storage.getmount("/").readonly
assert remount(True) == "ok"
assert not may_write()
""",
        vm=vm,
    )


def test_computer_that_has_the_drive_keeps_it(boards, vm):
    script = (
        RIGHTS
        + """
wait_for_usb()
print("first", remount(False), may_write())
while remount(False) != "ok":
    time.sleep(0.05)
print("ejected", may_write())
while True:
    time.sleep(1)
"""
    )
    board = boards(vm=vm, files={"code.py": script}, payload=False, start=False, usb="mounted")
    board.power_on()
    board.wait_for_output(f"first {REFUSED} False")
    board.eject_drive()
    board.wait_for_output("ejected True")


def test_boot_py_can_always_take_the_drive_and_give_it_back_later(boards, vm):
    files = {
        "boot.py": "import storage\nstorage.remount('/', readonly=False)\n",
        "code.py": RIGHTS
        + """
wait_for_usb()
print(may_write(), remount(True), may_write(), remount(False))
""",
    }
    board = boards(vm=vm, files=files, payload=False, start=False, usb="mounted")
    board.power_on()
    board.wait_for_output(f"True ok False {REFUSED}")


def test_drive_can_leave_the_computer_since_10_3(boards, vm):
    script = (
        RIGHTS
        + """
wait_for_usb()
start = time.monotonic()
storage.unsafe_disable_usb_drive()
print("took", time.monotonic() - start >= 2.5, may_write())
storage.enable_usb_drive()
print("back", may_write(), remount(False))
"""
    )
    board = boards(
        vm=vm, files={"code.py": script}, payload=False, start=False, usb="mounted", speed=5
    )
    board.power_on()
    board.wait_for_output("took True True")
    board.wait_for_output(f"back False {REFUSED}")


def test_older_release_cannot_do_that(on_board, vm):
    on_board(
        """
import os, storage, supervisor, sys
assert sys.implementation.version == (10, 0, 3)
assert not hasattr(storage, "unsafe_disable_usb_drive")
assert not hasattr(supervisor, "get_setting")
try:
    storage.enable_usb_drive()
    assert False
except RuntimeError:
    pass
""",
        vm=vm,
        version=(10, 0, 3),
    )


def test_release_before_10_is_refused(boards):
    with pytest.raises(ValueError, match=r"10\.0"):
        boards(payload=False, start=False, version=(9, 2, 8))


def test_open_file_is_in_the_way_of_remount(on_board, vm):
    on_board(
        RIGHTS
        + """
assert remount(False) == "ok"
file = open("/a", "w")
assert remount(True) == "%s"
file.close()
assert remount(True) == "ok"
"""
        % REFUSED,
        vm=vm,
    )


def test_full_drive_takes_what_fits_and_raises_enospc(on_board, vm):
    on_board(
        """
import os, storage
storage.remount("/", readonly=False)
free = os.statvfs("/")[3] * 512
written = 0
block = b"x" * 4096
file = open("/big", "wb")
try:
    while True:
        written += file.write(block)
except OSError as error:
    assert error.errno == 28, error
file.close()
assert os.stat("/big")[6] == free and os.statvfs("/")[3] == 0, (os.stat("/big")[6], free)
for call in (lambda: os.mkdir("/folder"), lambda: open("/more", "w").write("x")):
    try:
        call()
        assert False
    except OSError as error:
        assert error.errno == 28, error
os.remove("/big")
assert os.statvfs("/")[3] * 512 == free
""",
        vm=vm,
        clusters=120,
    )


@pytest.mark.parametrize("seed", range(3))
def test_free_space_agrees_with_the_deployments_arithmetic(boards, vm, seed):
    pick = random.Random(seed)
    names = ["SHORT.TXT", "short.txt", "Mixed.Txt", "a longer name.json", "x" * 60, "\u00fc.txt"]
    folders = ["", "www/", "www/deep er/", "data/", "lib/a_long_package_name/"]
    sizes = [0, 1, 511, 512, 513, 5000]
    files = {
        pick.choice(folders) + str(number) + pick.choice(names): "x" * pick.choice(sizes)
        for number in range(60)
    }
    script = "import os\nprint('free', os.statvfs('/')[3])\n"
    board = boards(
        vm=vm,
        files={**files, "code.py": script},
        payload=False,
        start=False,
        clusters=980,  # the board's
    )
    board.power_on()
    board.wait_or_fail(lambda: board.status == "done", "no end")
    volume = fat.Volume(fat.formatted(1016))
    for path in board.drive.rglob("*"):
        inside = PurePosixPath(path.relative_to(board.drive))
        if path.is_dir():
            volume.add_folder(inside)
        else:
            volume.add_file(inside, path.stat().st_size)
    assert f"free {volume.free // 512}\n" in board.output()


COUNT = """
import os, storage, microcontroller, supervisor
storage.remount("/", readonly=False)
if microcontroller.nvm[0] == 1:
    print("anew", os.statvfs("/")[3])
else:
    os.mkdir("/folder")
    name = "/folder/a rather long name %d.csv"
    for number in range(40):
        with open(name % number, "w") as file:
            for _ in range(number):
                file.write("line " * 20)
    for number in range(0, 40, 3):
        os.remove(name % number)
    os.rename(name % 1, "/short.csv")
    os.rename(name % 2, name % 4)
    with open(name % 5, "w") as file:
        file.write("shorter")
    print("kept", os.statvfs("/")[3])
    microcontroller.nvm[0] = 1
    supervisor.reload()
"""


def test_space_counted_while_writing_is_what_a_new_count_finds(on_board, vm):
    words = on_board(COUNT, vm=vm).split()
    assert words[0] == "kept" and words[2] == "anew"
    assert words[1] == words[3]


def test_writing_in_place_appending_and_reading_back(on_board, vm):
    on_board(
        """
import os, storage, json
storage.remount("/", readonly=False)
with open("/data.bin", "wb") as file:
    assert file.write(bytes(range(200))) == 200
    file.seek(10)
    file.write(memoryview(b"abcdef")[1:3])
    assert file.tell() == 12
with open("/data.bin", "ab") as file:
    file.write(bytearray(b"end"))
with open("/data.bin", "rb") as file:
    content = file.read()
assert len(content) == 203 and content[10:12] == b"bc" and content[-3:] == b"end"
with open("/data.bin", "r+b") as file:
    file.seek(200)
    file.write(b"END!")
    file.seek(0)
    assert file.read(2) == b"\\x00\\x01"
assert os.stat("/data.bin")[6] == 204
with open("/text.json", "w") as file:
    json.dump({"a": [1, "\\u00e4"]}, file)
    print("more", file=file)
with open("/text.json") as file:
    assert json.loads(file.readline().replace("more", "")) == {"a": [1, "\\u00e4"]}
buffer = bytearray(5)
with open("/data.bin", "rb") as file:
    assert file.readinto(buffer) == 5
""",
        vm=vm,
    )


def test_rename_replaces_a_file_and_only_a_file(on_board, vm):
    on_board(
        """
import os, storage
storage.remount("/", readonly=False)

def put(name, text):
    with open(name, "w") as file:
        file.write(text)

def fails(number, call, *arguments):
    try:
        call(*arguments)
    except OSError as error:
        assert error.errno == number, (error, number)
        return True
    return False

put("/new", "new")
put("/old", "old")
os.rename("/new", "/old")
assert open("/old").read() == "new" and "new" not in os.listdir("/")
os.mkdir("/folder")
put("/folder/file", "x")
assert fails(21, os.rename, "/old", "/folder")
assert fails(2, os.rename, "/nowhere", "/old") and "old" in os.listdir("/")
assert fails(13, os.rmdir, "/folder")
assert fails(21, os.remove, "/folder")
assert fails(20, os.rmdir, "/old")
assert fails(17, os.mkdir, "/folder")
assert fails(2, os.mkdir, "/no/where")
assert fails(2, open, "/folder") and fails(13, open, "/folder", "w")
assert fails(2, os.stat, "/nowhere") and fails(2, open, "/no/where", "w")
os.rename("/folder/file", "/file")
os.rmdir("/folder")
os.unlink("/file")
""",
        vm=vm,
    )


def test_names_follow_fat(on_board, vm):
    on_board(
        """
import os
assert os.stat("/SETTINGS.TOML")[6] == 8
assert os.stat("\\\\lib\\\\..\\\\settings.toml")[6] == 8
assert os.stat("/settings.toml. .")[6] == 8
assert os.stat("/SETTIN~1.TOM")[6] == 8
assert os.stat("/settings.toml\\n.csv")[6] == 8
assert os.stat("/../../../settings.toml")[6] == 8
assert os.listdir("/Lib") == ["part.py"]
import part
for name in ("/a:b", "/what?", "/" + "x" * 300):
    try:
        open(name)
        assert False, name
    except OSError as error:
        assert error.errno == 22, error
""",
        vm=vm,
        files={"settings.toml": "KEY = 1\n", "lib/part.py": ""},
    )


def test_stat_and_statvfs_have_the_boards_shape(on_board, vm):
    on_board(
        """
import os
file = os.stat("/code.py")
assert len(file) == 10 and file[0] == 0x8000 and file[6] > 0 and file[8] % 2 == 0
assert os.stat("/lib")[0] == 0x4000 and os.stat("/")[0] == 0x4000
drive = os.statvfs("/")
assert len(drive) == 10 and drive[:3] == (512, 512, 980) and drive[9] == 255
for name in ("walk", "makedirs", "path", "scandir", "environ", "fsync", "link"):
    assert not hasattr(os, name), name
os.chdir("/lib")
assert os.getcwd() == "/lib" and os.listdir() == ["part.py"] and os.stat("part.py")[0] == 0x8000
assert len(os.urandom(7)) == 7 and os.uname().machine == "Raspberry Pi Pico W with rp2040"
""",
        vm=vm,
        files={"lib/part.py": ""},
        clusters=980,  # the board's
    )


def test_getenv_reads_settings_toml_anew(on_board, vm):
    on_board(
        r"""
import os, storage, supervisor
storage.remount("/", readonly=False)
assert os.getenv("NAME") == 'a "b" \\ ü # no comment'
assert os.getenv("MISSING") is None and os.getenv("MISSING", "x") == "x"
assert os.getenv("INSIDE") is None
assert supervisor.get_setting("NUMBER") == 42 and supervisor.get_setting("RATIO") == 1.5
assert supervisor.get_setting("FLAG") is True
for key in ("NUMBER", "BROKEN"):
    try:
        os.getenv(key)
        assert False, key
    except ValueError:
        pass
with open("/settings.toml", "w") as file:
    file.write('NAME = "other"\n')
assert os.getenv("NAME") == "other"
""",
        vm=vm,
        files={
            "settings.toml": r'NAME = "a \"b\" \\ \u00fc # no comment" # a comment'
            "\nNUMBER = 42 # six times seven\nRATIO=1.5\nFLAG = true\n"
            'BROKEN = "no end\n[table]\nINSIDE = "x"\n'
        },
    )


# How CircuitPython 10 reads these lines, by its source (supervisor/shared/settings.c).
AS_CIRCUITPYTHON = (
    ('KEY = "text"', "text"),
    ('KEY="a#b" # c', "a#b"),
    ('  KEY\t=\t"blanks"  ', "blanks"),
    ('KEY = "CRLF"\r', "CRLF"),
    ('KEY = "first"\nKEY = "second"', "first"),
    ('KEY_2 = "other"\nKEY = "exact"', "exact"),
    (r'KEY = "\u00e4 \U0001F600 \" \\ \t"', 'ä 😀 " \\ \t'),
    ('KEY = "\v\u2028\x85"', "\v\u2028\x85"),  # none of these ends a line
    ('KEY = "' + "y" * 300 + '"', "y" * 300),
    ("KEY = -7", -7),
    ("KEY = 2147483647", 2147483647),
    ("KEY = true", True),
    ('[table]\nKEY = "inside"', None),
    ('KEY = "open', ValueError),
    ('KEY = "x" "y"', ValueError),
    (r'KEY = "\u12"', ValueError),
    ("KEY = 'x'", ValueError),
    ("KEY = text", ValueError),
    ("KEY =", ValueError),
)


def test_settings_are_read_as_circuitpython_and_deployments_read_them(on_board, vm):
    """One reader for all: the firmware of the simulated board, the app, the scripts."""
    expected = [(text, None if it is ValueError else it) for text, it in AS_CIRCUITPYTHON]
    for text, value in expected:
        if text[0] != "[":  # the firmware finds nothing below a table
            assert settings_toml.values(text).get("KEY") == value, text
    on_board(
        f"""
import storage, supervisor
storage.remount("/", readonly=False)
for text, expected in {expected!r}:
    with open("/settings.toml", "wb") as file:
        file.write(text.encode())
    try:
        found = supervisor.get_setting("KEY")
        assert found is not None or text[0] == "[", text
    except ValueError:
        found = None
    assert found == expected, (text, found)
""",
        vm=vm,
    )
