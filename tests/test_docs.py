"""What the README says is so."""

import re
from pathlib import Path

import pytest

import settings
from domain.access import CONTRIBUTOR, NEEDED
from domain.roles import ROLES, Grant
from ui.menu import MENU

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_readme_names_every_setting_and_no_other():
    assert set(re.findall(r"CONSOLE_[A-Z_]+", README)) == set(settings.names())


def test_readme_gives_each_default():
    rows = dict(re.findall(r"^\| `(CONSOLE_\w+)` \| `?([^|`]+?)`? \|", README, re.M))
    assert set(rows) == set(settings.names())
    told = settings.Settings(_env_file=None)
    for name, said in rows.items():
        value = told
        for part in name.removeprefix(settings.PREFIX).lower().split("__"):
            value = getattr(value, part)
        value = value.get_secret_value() if hasattr(value, "get_secret_value") else value
        words = {None: "none", "": "none", (): "empty", False: "false"}
        assert said == words.get(value, str(value)), name


@pytest.mark.parametrize("entry", MENU, ids=lambda it: it.name)
def test_readme_names_every_page(entry):
    assert re.search(rf"^\| {re.escape(entry.title)} \|", README, re.M)


@pytest.mark.parametrize("role", ROLES)
def test_readme_names_every_role(role):
    assert f"| `{role}` |" in README


@pytest.mark.parametrize("grant", Grant)
def test_readme_names_every_grant(grant):
    assert grant in README


ACCESSES = sorted({*NEEDED.values(), CONTRIBUTOR}, key=lambda it: it.role)


@pytest.mark.parametrize("access", ACCESSES, ids=lambda it: it.role)
def test_readme_names_every_role_assignment(access):
    assert access.role in README


def test_every_picture_and_path_of_the_readme_is_there():
    pictures = re.findall(r"\]\((docs/[^)]+)\)", README)
    assert pictures
    assert [it for it in pictures if not (ROOT / it).exists()] == []


def test_every_room_of_the_readme_is_there():
    rooms = re.findall(r"`([a-z]+/|[a-z]+\.py)`", README)
    assert [it for it in rooms if not (ROOT / it).exists()] == []
    assert {"pages/", "ui/", "reads/", "store/", "app.py"} <= set(rooms)


def test_requirements_pin_what_pyproject_names():
    wanted = re.findall(
        r'^    "([a-z0-9-]+)(?:\[\w+\])?==([\w.]+)",$', (ROOT / "pyproject.toml").read_text(), re.M
    )
    pinned = (ROOT / "requirements.txt").read_text() + (ROOT / "requirements-dev.txt").read_text()
    assert len(wanted) > 20
    assert [
        it for it in wanted if not re.search(rf"^{it[0]}=={re.escape(it[1])}\b", pinned, re.M)
    ] == []
