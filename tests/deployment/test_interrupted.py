"""Deployments that are cut off at any step: the board works, and a second run finishes."""

import functools
import shutil

import pytest
from deployment import limited_drive, samples
from deployment.limited_drive import Killed, LimitedDrive, tree
from deployment.power_up import power_up
from toolkit import manifest, settings_toml
from toolkit.deploy import cable, replacing, settings_merge

pytestmark = pytest.mark.slow

OLD = samples.version(1)
NEW = samples.version(2)
NEW_TEMPLATE = samples.TEMPLATE + b"\n# New.\nHOW_MANY = 3\n"
USERS = {"data/2026-11-23.csv": b"time,value\n" * 500, "lib/mine.py": b"# mine\n"}


def run(drive, files, template):
    replacing.recover(drive)
    deployment = cable.prepare(drive, files, template)
    cable.carry_out(deployment)
    return deployment


@pytest.fixture(scope="module", autouse=True)
def quick_records():
    """The same few records are made thousands of times: compressing them once saves most time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest.zopfli.gzip, "compress", functools.cache(manifest.zopfli.gzip.compress)
        )
        yield


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """A drive with version 1 and files of the user."""
    root = limited_drive.fresh(tmp_path_factory.mktemp("before") / "CIRCUITPY")
    run(LimitedDrive(root), OLD, samples.TEMPLATE)
    for name, content in USERS.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(content)
    return root


@pytest.fixture(scope="module")
def after(before, tmp_path_factory):
    """The files of the same drive after an uninterrupted deployment of version 2."""
    root = tmp_path_factory.mktemp("after") / "CIRCUITPY"
    shutil.copytree(before, root)
    run(LimitedDrive(root), NEW, NEW_TEMPLATE)
    return tree(root)


def every_kill(source, place, files, template):
    """Yield (drive folder, number of the step) for a deployment killed at each of its steps."""
    number = 0
    while True:
        root = place / str(number)
        shutil.copytree(source, root)
        try:
            run(LimitedDrive(root, kill_at=number), files, template)
        except Killed:
            yield root, number
            number += 1
        else:
            assert number > 60, "a deployment has more steps"
            return


def test_killed_at_any_step_a_second_run_finishes(before, after, tmp_path):
    for root, number in every_kill(before, tmp_path, NEW, NEW_TEMPLATE):
        run(LimitedDrive(root), NEW, NEW_TEMPLATE)
        assert tree(root) == after, f"killed at step {number}"


def test_killed_at_any_step_the_board_boots_with_whole_files(before, after, tmp_path):
    original = tree(before)
    for root, number in every_kill(before, tmp_path, NEW, NEW_TEMPLATE):
        power_up(root)
        found = tree(root)
        for (
            name,
            content,
        ) in found.items():  # only a file that isn't whole waits for the next deployment
            assert not (name.endswith(replacing.SUFFIX) and content.endswith(replacing.MARK)), name
        for name, content in original.items():
            whole = (content, after.get(name), None if name not in after else content)
            assert found.get(name) in whole or is_manifest(name), f"{name} at step {number}"
        assert found.items() >= USERS.items()


def test_killed_at_any_step_new_code_never_meets_old_libraries(before, after, tmp_path):
    """code.py is replaced last; until then no file that the old one needs is removed."""
    for root, number in every_kill(before, tmp_path, NEW, NEW_TEMPLATE):
        power_up(root)
        found = tree(root)
        if found["code.py"] == NEW[cable.CODE]:
            for path, content in NEW.items():
                assert found[str(path)] == content, f"{path} at step {number}"
        else:
            for path in OLD:
                assert str(path) in found, f"{path} at step {number}"


def test_killed_at_any_step_and_powered_up_a_second_run_finishes(before, after, tmp_path):
    for root, number in every_kill(before, tmp_path, NEW, NEW_TEMPLATE):
        power_up(root)
        run(LimitedDrive(root), NEW, NEW_TEMPLATE)
        found = without_manifest(tree(root))
        found.pop("settings.jnl", None)  # which power_up() makes
        assert found == without_manifest(after), f"killed at step {number}"


def test_killed_twice_the_third_run_finishes(before, after, tmp_path):
    for root, number in every_kill(before, tmp_path, NEW, NEW_TEMPLATE):
        try:
            run(LimitedDrive(root, kill_at=number // 2), NEW, NEW_TEMPLATE)
        except Killed:
            pass
        run(LimitedDrive(root), NEW, NEW_TEMPLATE)
        assert tree(root) == after, f"killed at steps {number} and {number // 2}"


@pytest.mark.parametrize("settings", ["empty", "missing"])
def test_killed_at_any_step_of_the_first_deployment_the_passwords_are_still_shown(
    tmp_path, settings
):
    fresh = limited_drive.fresh(tmp_path / "fresh")
    if settings == "missing":
        (fresh / "settings.toml").unlink()
    for root, number in every_kill(fresh, tmp_path, NEW, NEW_TEMPLATE):
        deployment = run(LimitedDrive(root), NEW, NEW_TEMPLATE)
        is_finished = manifest.read(deployment.earlier_manifest) and deployment.plan.is_empty
        assert deployment.has_unseen_passwords or is_finished, f"killed at step {number}"
        text = (root / "settings.toml").read_text()
        values = settings_toml.values(text)
        made = {key: values[key] for key in settings_merge.PASSWORDS}
        assert text == settings_merge.merge(NEW_TEMPLATE.decode(), "", lambda: "same").text.replace(
            'AP_PASSWORD = "same"', f'AP_PASSWORD = "{made["AP_PASSWORD"]}"'
        ).replace('ADMIN_PASSWORD = "same"', f'ADMIN_PASSWORD = "{made["ADMIN_PASSWORD"]}"')
        assert all(len(password) == 17 for password in made.values())
        assert not run(LimitedDrive(root), OLD, NEW_TEMPLATE).has_unseen_passwords


def test_an_interrupted_later_deployment_shows_no_passwords_again(before, tmp_path):
    for root, number in every_kill(before, tmp_path, NEW, NEW_TEMPLATE):
        deployment = run(LimitedDrive(root), NEW, NEW_TEMPLATE)
        assert not deployment.has_unseen_passwords, f"killed at step {number}"


def test_a_third_version_after_an_interruption_leaves_nothing_of_the_second(before, tmp_path):
    third = {path: content for path, content in NEW.items() if "new" not in str(path)}
    for root, number in every_kill(before, tmp_path, NEW, NEW_TEMPLATE):
        run(LimitedDrive(root), third, NEW_TEMPLATE)
        names = set(tree(root)) - set(USERS)
        assert not [name for name in names if "/new" in name and "half" not in name], f"{number}"


def is_manifest(name):
    return name == str(manifest.PATH)


def without_manifest(contents):
    return {name: content for name, content in contents.items() if not is_manifest(name)}
