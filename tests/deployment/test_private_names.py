"""The short names in compiled modules: which names are shortened, and how many names there are."""

from pathlib import PurePosixPath

import pytest
from deployment import samples
from toolkit.payload import assembly, mpy, private_names

ROOM = "lib/datalogger/room/"
# The board's tables have room for 1,270 names before the next one, of 1,280, takes 7.7 KB.
ROOM_FOR_NAMES = 1270
# Our names that CircuitPython 10.2.1 has itself (compared with the names of its image).
IN_THE_FIRMWARE = 305


def shortened(**sources):
    files = {ROOM + name + ".py": source for name, source in sources.items()}
    result = private_names.shortened(samples.paths(files))
    return {path.stem: content.decode() for path, content in result.items()}


def test_what_is_private_in_one_module_gets_a_short_name():
    source = "_LIMIT = (1, 2)\n\n\nclass A:\n    def _go(self):\n        self._at = _LIMIT  # _go\n"
    short = "_0 = (1, 2)\n\n\nclass A:\n    def _1(self):\n        self._2 = _0  # _1\n"
    assert shortened(a=source) == {"a": short}


def test_modules_share_the_short_names():
    assert shortened(a="def _first(): pass\n", b="def _second(): pass\n") == {
        "a": "def _0(): pass\n",
        "b": "def _0(): pass\n",
    }


@pytest.mark.parametrize(
    "source",
    [
        "x = 1\nmax_length = x\n",
        "class A:\n    def __init__(self): self.__x = 1\n",
        "for _ in (): pass\n",
        "_pin = 1\nprint(getattr(x, '_pin'))\n",
    ],
    ids=["public", "special", "ignored", "in a string"],
)
def test_these_keep_their_names(source):
    assert shortened(a=source) == {"a": source}


def test_what_two_modules_name_keeps_its_name():
    sources = {"a": "def _shared(): pass\n", "b": "from .a import _shared\n"}
    assert shortened(**sources) == sources


def test_the_same_name_in_two_modules_is_shortened_in_both():
    sources = {name: f"class {name}:\n    def go(self): self._same = 1\n" for name in "ab"}
    short = {name: text.replace("_same", "_0") for name, text in sources.items()}
    assert shortened(**sources) == short


def test_a_name_that_is_taken_of_another_object_is_kept_everywhere():
    sources = {name: f"class {name}:\n    def go(self): self._same = 1\n" for name in "ab"}
    sources["c"] = "def look(at): return at._same\n"
    assert {name: "_same" in text for name, text in shortened(**sources).items()} == {
        "a": True,
        "b": True,
        "c": True,
    }


def test_modules_that_inherit_from_each_other_share_no_name():
    assert shortened(
        a="class A:\n    def _a(self): pass\n",
        b="from .a import A\nclass B(A):\n    def _b(self): pass\n",
        c="from .b import B as Base\nclass C(Base):\n    def _c(self): pass\n",
        d="class D:\n    def _d(self): pass\n",
    ) == {
        "a": "class A:\n    def _0(self): pass\n",
        "b": "from .a import A\nclass B(A):\n    def _1(self): pass\n",
        "c": "from .b import B as Base\nclass C(Base):\n    def _2(self): pass\n",
        "d": "class D:\n    def _0(self): pass\n",
    }


def test_what_two_relatives_name_keeps_its_name():
    sources = {
        "a": "class A:\n    def go(self): self._same = 1\n",
        "b": "from .a import A\nclass B(A):\n    def to(self): return self._same\n",
        "c": "class C:\n    def go(self): self._same = 1\n",
    }
    short = {**sources, "c": sources["c"].replace("_same", "_0")}
    assert shortened(**sources) == short


def test_mix_ins_share_no_name():
    result = shortened(
        a="class A:\n    def _a(self): pass\n",
        b="class B:\n    def _b(self): pass\n",
        c="from .a import A\nfrom .b import B\nclass C(A, B): pass\n",
    )
    assert ("_0" in result["a"], "_1" in result["b"]) == (True, True)


def test_parameters_get_the_short_names_that_are_left():
    source = "def go(a, b, *c):\n    return [_x(a) for a in b if c.a]\n\n\ndef _x(b): ...\n"
    short = "def go(_1, _2, *_3):\n    return [_0(_1) for _1 in _2 if _3.a]\n\n\ndef _0(_2): ...\n"
    assert shortened(a=source) == {"a": short}


@pytest.mark.parametrize(
    "source",
    [
        "def go(a): ...\n\n\ngo(a=1)\n",
        "def go(a=1): ...\n",
        "def go(*, a): ...\n",
        "a = 1\n\n\ndef go(a): ...\n",
        "def go(id): ...\n\n\ndef to(): return id(1)\n",
        "class A:\n    a = 1\n\n    def go(self, a): ...\n",
        "def go(a): ...\n\n\ndef to():\n    global a\n    a = 1\n",
        "def go(a): ...\n\n\ndef to():\n    import a\n",
        "def go(a): return f'{a}'\n",
        "def go(a): ...\n\n\ndef to():\n    def a(): ...\n\n    return a()\n",
    ],
    ids=[
        "named by a call",
        "with a default",
        "keyword",
        "global",
        "builtin",
        "member",
        "made global",
        "module",
        "f-string",
        "function in another",
    ],
)
def test_these_parameters_keep_their_names(source):
    assert shortened(a=source) == {"a": source}


def test_a_parameter_that_another_module_names_keeps_its_name():
    sources = {"a": "def go(a): ...\n", "b": "from .a import go\n\ngo(a=1)\n"}
    assert shortened(**sources) == sources


def test_the_ladder_has_names_of_its_own():
    files = {ROOM + "a.py": "_same = 1\n", "lib/rescue/a.py": "_same = _b = 1\n"}
    assert list(private_names.shortened(samples.paths(files)).values()) == [
        b"_0 = 1\n",
        b"_0 = _1 = 1\n",
    ]


def test_other_libraries_keep_their_names():
    files = samples.paths({"lib/ehttpserver.py": "_mine = 1\n", "code.py": "_own = 1\n"})
    assert private_names.shortened(files) == files


def test_a_name_of_another_library_is_kept():
    files = {"lib/other.py": "class Base:\n    _at = 1\n", ROOM + "a.py": "_at = _own = 1\n"}
    result = private_names.shortened(samples.paths(files))
    assert result[PurePosixPath(ROOM + "a.py")] == b"_at = _0 = 1\n"


def test_a_module_that_cannot_be_parsed_is_left_to_the_compiler():
    sources = {"a": "_x = = 1\n"}
    assert shortened(**sources) == sources


def test_the_boards_tables_have_room_for_all_names():
    names = set()
    for path, content in assembly.collect(form=mpy.CIRCUITPYTHON).items():
        if path.suffix == ".mpy" and "rescue" not in path.parts:
            names.update(names_in(content))
            names.update(("/" + str(path), ".".join(path.with_suffix("").parts[1:]), path.stem))
    assert 1000 < len(names) - IN_THE_FIRMWARE <= ROOM_FOR_NAMES - 50  # for drivers


def names_in(module):
    """Yield the names that a compiled module adds (see MicroPython's documentation of .mpy)."""
    at = 4

    def number():
        nonlocal at
        value = 0
        while True:
            byte = module[at]
            at += 1
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value

    count = number()
    number()  # of constant objects
    for _ in range(count):
        length = number()
        if not length & 1:  # otherwise a name that every MicroPython has
            yield module[at : at + (length >> 1)].decode()
            at += (length >> 1) + 1
