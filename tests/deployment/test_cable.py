"""Deployments to a mounted drive: which files are copied, kept or removed, when, and refusals."""

import errno
from pathlib import PurePosixPath

import pytest
from deployment import limited_drive, samples
from deployment.limited_drive import LimitedDrive, tree
from toolkit import manifest, settings_toml
from toolkit.deploy import cable, drive_errors, replacing
from toolkit.errors import ToolkitError
from toolkit.payload import mpy


def deploy(root, files, libraries=frozenset(), template=samples.TEMPLATE, **limits):
    drive = LimitedDrive(root, **limits)
    replacing.recover(drive)
    deployment = cable.prepare(drive, files, template, libraries)
    cable.carry_out(deployment)
    return drive, deployment


def on_drive(root):
    """All files except those of a fresh drive and the manifest."""
    own = (".", "sd/", "boot_out")
    return {
        name: content
        for name, content in tree(root).items()
        if not name.startswith(own) and name != str(manifest.PATH)
    }


def expected(files):
    return {str(path): content for path, content in files.items()}


def without_settings(contents):
    return {name: content for name, content in contents.items() if name != "settings.toml"}


def test_a_fresh_drive_gets_the_payload_and_nothing_else(fresh_drive):
    deploy(fresh_drive, samples.version(1))
    assert without_settings(on_drive(fresh_drive)) == expected(samples.version(1))


def test_a_second_deployment_of_the_same_writes_nothing(fresh_drive):
    deploy(fresh_drive, samples.version(1))
    drive, deployment = deploy(fresh_drive, samples.version(1))
    assert drive.writes == []
    assert deployment.plan.is_empty


def test_a_new_version_changes_adds_and_removes(fresh_drive):
    deploy(fresh_drive, samples.version(1))
    _, deployment = deploy(fresh_drive, samples.version(2))
    assert without_settings(on_drive(fresh_drive)) == expected(samples.version(2))
    assert not (fresh_drive / "www/old").exists()
    assert [str(path) for path in deployment.plan.unchanged] == [
        "lib/app/same.py",
        "www/same.css.gz",
    ]


def test_only_what_changed_is_written(fresh_drive):
    deploy(fresh_drive, samples.version(1))
    files = samples.version(1) | samples.paths({"www/same.css.gz": "other style"})
    drive, _ = deploy(fresh_drive, files)
    written = {step.split()[1] for step in drive.writes if step.startswith("wrote")}
    record_files = {"www/deployed.txt.gz", "www/deployed.txt.gz.new"}
    assert written == {"www/same.css.gz", "www/same.css.gz.new"} | record_files


def test_an_update_over_wifi_that_is_under_way_ends(fresh_drive):
    """Otherwise the board would put the update, or the version before it, over the new files."""
    state = fresh_drive / "update/state"
    state.parent.mkdir()
    state.write_text("trial 3")
    deploy(fresh_drive, samples.version(1))
    assert not state.exists()


def test_new_files_come_first_and_code_py_last(fresh_drive):
    deploy(fresh_drive, samples.version(1))
    drive, _ = deploy(fresh_drive, samples.version(2))
    finished = [step.split()[1] for step in drive.writes if step.startswith("wrote")]
    in_place = [name for name in finished if not name.endswith(".new") and "deployed" not in name]
    assert in_place == [
        "lib/app/new.py",
        "www/new/page.html.gz",
        "lib/app/one.py",
        "lib/server.py",
        "www/index.html.gz",
        "boot.py",
        "code.py",
    ]


def test_code_py_is_last_on_a_drive_that_has_none(fresh_drive):
    (fresh_drive / "code.py").unlink()
    (fresh_drive / "lib/server.py").write_text("# another one\n")
    drive, _ = deploy(fresh_drive, samples.version(1))
    finished = [step.split()[1] for step in drive.writes if step.startswith("wrote")]
    in_place = [name for name in finished if not name.endswith(".new") and "deployed" not in name]
    assert in_place[-1] == "code.py"


def test_stale_files_go_only_after_code_py_is_new(fresh_drive):
    deploy(fresh_drive, samples.version(1))
    drive, _ = deploy(fresh_drive, samples.version(2))
    assert drive.writes.index("wrote code.py") < drive.writes.index("remove lib/app/old.py")


USERS_FILES = {
    "data/2026-11-23.csv": "time,temperature\n",
    "lib/adafruit_bme280.mpy": "compiled",
    "lib/app/mine.py": "# mine\n",
    "www/mine.html": "<p>mine</p>",
    "notes.txt": "mine\n",
}


def test_the_users_files_are_never_touched(fresh_drive):
    for name, text in USERS_FILES.items():
        file = fresh_drive / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    deploy(fresh_drive, samples.version(1))
    drive, _ = deploy(fresh_drive, samples.version(2))
    found = tree(fresh_drive)
    assert {name: found[name].decode() for name in USERS_FILES} == USERS_FILES
    assert not any(step.split()[1] in USERS_FILES for step in drive.writes)


def test_a_stale_file_that_was_edited_stays(fresh_drive):
    deploy(fresh_drive, samples.version(1))
    (fresh_drive / "lib/app/old.py").write_text("# mine now\n")
    deploy(fresh_drive, samples.version(2))
    assert (fresh_drive / "lib/app/old.py").read_text() == "# mine now\n"
    deploy(fresh_drive, samples.version(2))
    assert (fresh_drive / "lib/app/old.py").exists()


def test_an_edited_file_is_copied_to_the_computer_before_it_is_replaced(
    fresh_drive, copies_of_replaced_files
):
    deploy(fresh_drive, samples.version(1))
    (fresh_drive / "code.py").write_text("# edited on the drive\n")
    _, deployment = deploy(fresh_drive, samples.version(2))
    assert [str(path) for path in deployment.plan.edited] == ["code.py"]
    (kept,) = tree(copies_of_replaced_files).values()
    assert kept == b"# edited on the drive\n"
    assert (fresh_drive / "code.py").read_bytes() == b"# code of 2\n"


def test_the_code_of_a_fresh_drive_counts_as_nobodys(fresh_drive, copies_of_replaced_files):
    _, deployment = deploy(fresh_drive, samples.version(1))
    assert deployment.plan.edited == []
    assert not copies_of_replaced_files.exists()


def test_a_program_that_was_there_before_is_kept_on_the_computer(
    fresh_drive, copies_of_replaced_files
):
    (fresh_drive / "code.py").write_text("# years of work\n")
    deploy(fresh_drive, samples.version(1))
    assert list(tree(copies_of_replaced_files).values()) == [b"# years of work\n"]


@pytest.mark.parametrize("end", [b"", replacing.MARK], ids=["half", "whole"])
def test_the_users_own_files_with_our_ending_stay(fresh_drive, end):
    deploy(fresh_drive, samples.version(1))
    mine = ("www/whats.new", "lib/notes.new", "lib/app/mine.py.new", "data/brand.new", "MINE.NEW")
    for name in mine:
        (fresh_drive / name).parent.mkdir(exist_ok=True)
        (fresh_drive / name).write_bytes(b"mine" + end)
    (fresh_drive / "lib/server.py.new").write_bytes(b"ours" + end)
    assert replacing.recover(LimitedDrive(fresh_drive)) == [PurePosixPath("lib/server.py")]
    deploy(fresh_drive, samples.version(2))
    assert {name: (fresh_drive / name).read_bytes() for name in mine} == dict.fromkeys(
        mine, b"mine" + end
    )
    assert not (fresh_drive / "lib/server.py.new").exists()


def test_a_drive_filled_by_hand_is_adopted(fresh_drive):
    for path, content in samples.version(1).items():
        (fresh_drive / path).parent.mkdir(parents=True, exist_ok=True)
        (fresh_drive / path).write_bytes(content)
    _, deployment = deploy(fresh_drive, samples.version(1))
    assert deployment.plan.changed == [cable.SETTINGS]
    deploy(fresh_drive, samples.version(2))
    assert not (fresh_drive / "lib/app/old.py").exists()


def test_a_module_copied_by_hand_is_known_when_it_compiles_to_the_one_wanted(fresh_drive):
    source = '"""Docstring."""\n\nVALUE = 1  # why\n'
    (fresh_drive / "lib/a.py").write_text(source)
    (fresh_drive / "lib/b.py").write_text(source + "VALUE = 2\n")
    (fresh_drive / "lib/c.py").write_text("no Python")
    sources = {f"lib/{name}.py": source for name in "abc"}
    _, deployment = deploy(fresh_drive, mpy.compiled(samples.paths(sources), mpy.CIRCUITPYTHON))
    assert [str(path) for path in deployment.plan.edited] == ["lib/b.py", "lib/c.py"]
    assert sorted(file.name for file in (fresh_drive / "lib").iterdir()) == [
        "a.mpy",
        "b.mpy",
        "c.mpy",
    ]


def library(version, form=mpy.SOURCE):
    """A library as in the bundle."""
    source = f'__version__ = "{version}"\n'
    return mpy.compiled(samples.paths({"lib/neopixel.py": source}), form)


LIBRARIES = frozenset(samples.paths({"lib/neopixel.py": "", "lib/neopixel.mpy": ""}))


@pytest.mark.parametrize("wanted", [mpy.SOURCE, mpy.CIRCUITPYTHON])
@pytest.mark.parametrize("there", [mpy.SOURCE, mpy.CIRCUITPYTHON])
def test_a_newer_library_from_circup_stays(fresh_drive, wanted, there):
    deploy(fresh_drive, library("6.4.2", wanted), LIBRARIES)
    for path, content in library("6.10.0", there).items():
        (fresh_drive / path).write_bytes(content)
    before = tree(fresh_drive / "lib")
    _, deployment = deploy(fresh_drive, library("6.4.3", wanted), LIBRARIES)
    assert deployment.plan.newer == list(library("", wanted))
    assert tree(fresh_drive / "lib") == before


@pytest.mark.parametrize("form", [mpy.SOURCE, mpy.CIRCUITPYTHON])
def test_an_older_library_is_replaced(fresh_drive, form):
    (fresh_drive / "lib/neopixel.py").write_text('__version__ = "6.3.9"\n')
    deploy(fresh_drive, library("6.4.2", form), LIBRARIES)
    ((path, content),) = library("6.4.2", form).items()
    assert tree(fresh_drive / "lib") == {path.name: content}


def test_a_file_of_ours_is_never_newer(fresh_drive, copies_of_replaced_files):
    (fresh_drive / "lib/ehttpserver.py").write_text('__version__ = "9.9.9"\n')
    ours = samples.paths({"lib/ehttpserver.py": '__version__ = "1.0.0"\n'})
    _, deployment = deploy(fresh_drive, ours, LIBRARIES)
    assert deployment.plan.newer == []
    assert (fresh_drive / "lib/ehttpserver.py").read_text() == '__version__ = "1.0.0"\n'
    assert list(tree(copies_of_replaced_files).values()) == [b'__version__ = "9.9.9"\n']


def test_a_compiled_library_takes_the_place_of_its_source(fresh_drive, copies_of_replaced_files):
    deploy(fresh_drive, samples.paths({"lib/a.py": "# a\n", "lib/c.py": "# c\n"}))
    (fresh_drive / "lib/b.py").write_text("# by hand\n")
    (fresh_drive / "lib/c.py").write_text("# edited\n")
    wanted = {f"lib/{name}.mpy": f"compiled {name}" for name in "abc"}
    deploy(fresh_drive, samples.paths(wanted))
    assert sorted(file.name for file in (fresh_drive / "lib").iterdir()) == [
        "a.mpy",
        "b.mpy",
        "c.mpy",
    ]
    assert sorted(tree(copies_of_replaced_files).values()) == [b"# by hand\n", b"# edited\n"]


def test_sources_take_the_place_of_compiled_modules(fresh_drive, copies_of_replaced_files):
    deploy(fresh_drive, samples.paths({"lib/a.mpy": "compiled a"}))
    deploy(fresh_drive, samples.paths({"lib/a.py": "# a\n"}))
    assert [file.name for file in (fresh_drive / "lib").iterdir()] == ["a.py"]
    assert not copies_of_replaced_files.exists()


def test_a_changed_case_does_not_remove_the_file(fresh_drive):
    deploy(fresh_drive, samples.paths({"www/Page.html.gz": "page"}))
    deploy(fresh_drive, samples.paths({"www/page.html.gz": "page 2"}))
    (file,) = (fresh_drive / "www").glob("[Pp]age*")
    assert file.read_bytes() == b"page 2"


def test_names_that_macos_leaves_beside_ours_go(fresh_drive):
    deploy(fresh_drive, samples.version(1))
    (fresh_drive / "lib/._server.py").write_bytes(b"attributes")
    (fresh_drive / "data").mkdir()
    (fresh_drive / "data/._mine.csv").write_bytes(b"attributes")
    deploy(fresh_drive, samples.version(2))
    assert not (fresh_drive / "lib/._server.py").exists()
    assert (fresh_drive / "data/._mine.csv").exists()


# ---- Settings ----


def test_the_first_deployment_makes_passwords(fresh_drive):
    _, deployment = deploy(fresh_drive, samples.version(1))
    text = (fresh_drive / "settings.toml").read_text()
    values = settings_toml.values(text)
    assert set(deployment.settings.passwords) == {"AP_PASSWORD", "ADMIN_PASSWORD"}
    for key, password in deployment.settings.passwords.items():
        assert values[key] == password != "datalogger"
    assert values["SAMPLE_SECONDS"] == 60


def test_later_deployments_keep_the_users_settings_and_add_new_ones(fresh_drive):
    deploy(fresh_drive, samples.version(1))
    file = fresh_drive / "settings.toml"
    mine = file.read_text().replace("SAMPLE_SECONDS = 60", "SAMPLE_SECONDS = 5  # quick")
    file.write_text(mine)
    template = samples.TEMPLATE + b"# New: how many.\nHOW_MANY = 3\n"
    _, deployment = deploy(fresh_drive, samples.version(2), template=template)
    assert deployment.settings.added == ["HOW_MANY"]
    assert file.read_text() == mine + "\n# New: how many.\nHOW_MANY = 3\n"


# ---- Refusals ----


def test_a_drive_without_room_is_refused_before_anything_is_written(fresh_drive):
    files = samples.version(1) | samples.paths({"www/video.webm": "x" * 499_000})
    drive = LimitedDrive(fresh_drive)
    with pytest.raises(ToolkitError, match=r"too full: .* Nothing was changed"):
        cable.prepare(drive, files, samples.TEMPLATE)
    assert drive.writes == []


def test_a_file_larger_than_the_drive_is_named(fresh_drive):
    files = samples.paths({"www/video.webm": "x" * 600_000})
    message = r"www/video\.webm is too large: 600,000 bytes, and the whole drive holds 501,760"
    with pytest.raises(ToolkitError, match=message):
        cable.prepare(LimitedDrive(fresh_drive), files, samples.TEMPLATE)


def test_a_drive_that_fills_up_half_way_says_so_and_a_second_run_goes_on(fresh_drive, monkeypatch):
    drive = LimitedDrive(fresh_drive)
    deployment = cable.prepare(drive, samples.version(1), samples.TEMPLATE)
    (fresh_drive / "data").mkdir()
    (fresh_drive / "data/big.csv").write_bytes(b"x" * (drive.free() - 4096))
    with pytest.raises(ToolkitError) as raised:
        cable.carry_out(deployment)
    assert raised.value.message == drive_errors.FULL
    assert (fresh_drive / "code.py").read_bytes() == limited_drive.FRESH_CODE
    (fresh_drive / "data/big.csv").unlink()
    deploy(fresh_drive, samples.version(1))
    assert without_settings(on_drive(fresh_drive)).items() >= expected(samples.version(1)).items()


def test_files_are_replaced_in_groups_when_not_all_fit_beside_the_old_ones(fresh_drive):
    big = {f"www/{number}.png": chr(97 + number) * 30_000 for number in range(10)}
    deploy(fresh_drive, samples.paths(big))
    (fresh_drive / "data").mkdir()
    drive = LimitedDrive(fresh_drive)
    (fresh_drive / "data/mine.csv").write_bytes(b"x" * (drive.free() - 80_000))
    changed = {name: text.upper() for name, text in big.items()}
    drive, _ = deploy(fresh_drive, samples.paths(changed))
    assert {name: tree(fresh_drive)[name].decode() for name in big} == changed
    firsts = [step for step in drive.writes if step.startswith(("begin www/0", "begin www/9"))]
    assert firsts[0] == "begin www/0.png.new"
    assert firsts.index("begin www/0.png") < firsts.index("begin www/9.png.new")


def test_stale_files_go_first_when_there_is_no_other_way(fresh_drive):
    deploy(fresh_drive, samples.paths({"www/old.png": "o" * 300_000, "code.py": "# 1"}))
    deploy(fresh_drive, samples.paths({"www/new.png": "n" * 300_000, "code.py": "# 2"}))
    assert (fresh_drive / "www/new.png").stat().st_size == 300_000
    assert not (fresh_drive / "www/old.png").exists()


@pytest.mark.parametrize("taken", ["lib/app", "www"])
def test_a_file_where_a_folder_belongs_is_named(fresh_drive, taken):
    (fresh_drive / taken).parent.mkdir(exist_ok=True)
    (fresh_drive / taken).write_bytes(b"a file")
    with pytest.raises(ToolkitError, match="a folder where a file belongs, or the other way round"):
        deploy(fresh_drive, samples.version(1))


def test_a_folder_where_a_file_belongs_is_named(fresh_drive):
    (fresh_drive / "boot.py").mkdir()
    with pytest.raises(ToolkitError, match=r"boot\.py: the drive has a folder"):
        deploy(fresh_drive, samples.version(1))


def test_a_name_that_fat_cannot_hold_is_refused(fresh_drive):
    with pytest.raises(ToolkitError, match=r"lib/a:b\.py can't be put on the drive"):
        deploy(fresh_drive, samples.paths({"lib/a:b.py": "x"}))


def test_what_reads_back_differently_is_reported(fresh_drive, monkeypatch):
    drive = LimitedDrive(fresh_drive)
    deployment = cable.prepare(drive, samples.version(1), samples.TEMPLATE)
    read = LimitedDrive.read

    def faulty(self, path):
        content = read(self, path)
        return b"?" + content[1:] if path.name == "server.py" and content else content

    monkeypatch.setattr(LimitedDrive, "read", faulty)
    with pytest.raises(ToolkitError, match=r"lib/server\.py reads back other than it was written"):
        cable.carry_out(deployment)
    assert (fresh_drive / "code.py").read_bytes() == limited_drive.FRESH_CODE


@pytest.mark.parametrize(
    ("number", "beginning"),
    [
        (errno.EROFS, "The drive is read-only: the board has it. Three ways out"),
        (errno.ENOSPC, "The drive is full"),
        (errno.ENODEV, "The drive is gone"),
        (errno.EIO, "The file system of the drive is damaged"),
        (errno.EUCLEAN, "The file system of the drive is damaged"),
        (errno.ENAMETOOLONG, "lib/server.py: File name too long"),
    ],
)
def test_errors_of_the_system_become_sentences(fresh_drive, monkeypatch, number, beginning):
    def fail(self, file, content, mode):
        if file.name == "server.py":
            raise OSError(number, "File name too long")

    monkeypatch.setattr(LimitedDrive, "_store", fail)
    monkeypatch.setattr(replacing, "_compare", lambda *arguments: None)
    with pytest.raises(ToolkitError) as raised:
        deploy(fresh_drive, samples.version(1))
    assert raised.value.message.startswith(beginning)
    assert "\n" not in raised.value.message


def test_settings_that_are_no_text_are_refused(fresh_drive):
    (fresh_drive / "settings.toml").write_bytes(b'AP_SSID = "\xff\xfe"\n')
    with pytest.raises(ToolkitError, match="settings.toml on the drive is not UTF-8"):
        deploy(fresh_drive, samples.version(1))
