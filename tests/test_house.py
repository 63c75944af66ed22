"""The rules of the house that no linter knows."""

import ast
import re
import sys
from pathlib import Path
from statistics import median

import pytest

from ui.menu import MENU

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {  # room: of ours, of others
    "app.py": ("ui wiring", "streamlit"),
    "dev.py": ("", ""),
    "settings.py": ("", "dotenv pydantic pydantic_settings"),
    "wiring.py": ("settings jobs services store domain", ""),
    "pages": ("ui actions domain", "streamlit"),
    "ui": ("reads actions domain wiring settings", "streamlit plotly pandas starlette xlsxwriter"),
    "reads": ("store domain services", "pandas"),
    "actions": ("store domain", "pandas"),
    "jobs": ("services store domain reads", "pandas"),
    "services": ("domain", "apprise azure requests urllib3 orjson"),
    "store": ("domain", "sqlalchemy alembic pandas"),
    "domain": ("", "pandas numpy pyarrow statsmodels"),
    "simulator": ("", "werkzeug sqlalchemy orjson"),
    "benchmarks": (
        "settings wiring reads jobs services store domain simulator ui benchmarks",
        "azure numpy pandas psutil playwright pydantic requests sqlalchemy streamlit",
    ),
}
ROOMS = [room for room in MAY_IMPORT if not room.endswith(".py")]
ONLY_IN = {  # what is written: where it may be
    r"st\.cache_": {
        "ui/data/__init__.py",
        "ui/data/bills.py",
        "ui/data/moderated.py",
        "ui/data/rolled.py",
        "ui/session.py",
    },
    r"st\.fragment": {"ui/live.py"},
    r"session_state": {"ui/scope.py", "ui/session.py", "ui/drafts.py"},
    r"\.now\(|\.today\(|\.utcnow\(|time\.time\(": {"services/clocks.py", "simulator/clock.py"},
    r"os\.environ|getenv": {"settings.py", "dev.py"},
    r"create_engine": {"store/engine.py", "simulator/archive.py"},
    r"subprocess|Popen": {"wiring.py", "dev.py"},
    r"\.download_button": {"ui/exports.py"},
    r"unsafe_allow_html|st\.html|st\.exception|str\(exc|unsafe_allow_javascript": set(),
}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "manager", "base"}
MOST_LINES, MOST_STATEMENTS = 300, 40


def files(room):
    return [ROOT / room] if room.endswith(".py") else sorted((ROOT / room).rglob("*.py"))


def tree(path):
    return ast.parse(path.read_text())


def name(path):
    return path.relative_to(ROOT).as_posix()


SOURCES = [path for room in MAY_IMPORT for path in files(room)]
PRODUCT = [path for path in SOURCES if not name(path).startswith("benchmarks/")]
PAGES = sorted(path for path in files("pages") if path.name != "__init__.py")


def imported(source):
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            yield from (it.name.split(".")[0] for it in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0] if not node.level else "relative"


def strangers(room, sources):
    """What this room imports and may not."""
    ours, others = MAY_IMPORT[room]
    may = {room.removesuffix(".py"), *ours.split(), *others.split(), *sys.stdlib_module_names}
    return {it for source in sources for it in imported(source)} - may


def test_every_source_is_in_a_room():
    known = {*SOURCES, *files("tests")}
    outside = [p for p in ROOT.rglob("*.py") if p not in known]
    assert [p for p in outside if not {".venv", "venv", "deploy"} & set(p.parts)] == []


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_what_it_may_and_no_more(room):
    assert strangers(room, [tree(path) for path in files(room)]) == set()


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_planted_violation_of_each_row_is_caught(room):
    ours, others = MAY_IMPORT[room]
    every = {*ROOMS, "settings", "wiring", "requests", "streamlit", "azure", "sqlalchemy", "httpx"}
    planted = every - {room.removesuffix(".py"), *ours.split(), *others.split()}
    assert planted
    for module in planted:
        for line in (
            f"import {module}",
            f"from {module}.x import y",
            f"def f():\n  import {module}",
        ):
            assert strangers(room, [ast.parse(line)]) == {module}


@pytest.mark.parametrize("pattern", ONLY_IN)
def test_some_words_have_one_place(pattern):
    written = {name(it) for it in PRODUCT if re.search(pattern, it.read_text())}
    assert written <= ONLY_IN[pattern]


def test_every_folder_of_a_room_is_a_package_that_says_why():
    for folder in {path.parent for path in SOURCES} - {ROOT}:
        assert ast.get_docstring(tree(folder / "__init__.py")), folder


def test_every_module_says_why():
    assert [name(path) for path in SOURCES if not ast.get_docstring(tree(path))] == []


def test_no_module_is_called_after_nothing():
    assert [name(path) for path in SOURCES if path.stem in FORBIDDEN_NAMES] == []


def test_modules_are_rooms_not_halls():
    long = {name(it): len(it.read_text().splitlines()) for it in PRODUCT}
    assert {it: lines for it, lines in long.items() if lines > MOST_LINES} == {}


def test_functions_are_short():
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    defs = [(p, n) for p in PRODUCT for n in ast.walk(tree(p)) if isinstance(n, kinds)]
    lengths = {
        f"{name(path)}:{node.name}": (node.end_lineno or 0) - node.lineno + 1 for path, node in defs
    }
    statements = {
        f"{name(path)}:{node.name}": sum(isinstance(it, ast.stmt) for it in ast.walk(node)) - 1
        for path, node in defs
    }
    assert median(lengths.values()) <= 12
    assert {it: many for it, many in statements.items() if many > MOST_STATEMENTS} == {}


def test_tests_mock_nothing_and_skip_nothing():
    banned = re.compile(r"unittest\.mock|MagicMock|pytest\.skip|mark\.skip|xfail|importorskip")
    here = Path(__file__)
    assert [name(p) for p in files("tests") if p != here and banned.search(p.read_text())] == []


def test_the_menu_lists_every_page_once():
    assert sorted(entry.path for entry in MENU) == PAGES
    assert len({entry.name for entry in MENU}) == len(MENU)


def test_no_page_lies_where_streamlit_would_open_it_unasked():
    assert [path.name for path in (ROOT / "pages").glob("*.py")] == ["__init__.py"]


@pytest.mark.parametrize("page", PAGES, ids=lambda it: it.stem)
def test_a_page_is_read_from_the_door_down(page):
    body = [it for it in tree(page).body[1:] if not isinstance(it, ast.Import | ast.ImportFrom)]
    assert ast.unparse(body[0]) in ("visit = door.enter(__file__)", "door.enter(__file__)")
    assert len(page.read_text().splitlines()) <= 120


@pytest.mark.parametrize("page", PAGES, ids=lambda it: it.stem)
def test_a_page_computes_nothing_and_opens_nothing(page):
    nodes = list(ast.walk(tree(page)))
    assert not [it for it in nodes if isinstance(it, ast.BinOp | ast.ClassDef | ast.Lambda)]
    names = {it.attr for it in nodes if isinstance(it, ast.Attribute)}
    assert not names & {"groupby", "merge", "apply", "store", "clock"}


def test_cached_reads_are_keyed_by_plain_values():
    for node in (it for path in files("ui/data") for it in tree(path).body):
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            kinds = {ast.unparse(it.annotation) for it in node.args.args if it.annotation}
            assert kinds <= {"str", "int", "bool", "tuple[str, ...]", "str | None"}
            assert "generation" in [it.arg for it in node.args.args]
