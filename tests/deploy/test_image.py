"""The image without an engine: its steps are carried out in a folder; what comes out is whole."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import streamlit as st

from tests.deploy import containerfile
from tests.deploy.containerfile import ROOT, steps, told
from ui import health

OURS = {"actions", "domain", "jobs", "pages", "reads", "services", "simulator", "store", "ui"}
NOT_SHIPPED = {"tests", "benchmarks", "docs", "dev.py", ".env", "console.db"}


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """The folder that the first stage leaves, and what it ran; the packages are those of here."""
    folder = tmp_path_factory.mktemp("image")
    python = folder / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    (folder / "console").mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PIP_DRY_RUN": "1",
        "PIP_NO_INDEX": "1",
    }
    return containerfile.laid(folder, environment)


def test_every_step_of_the_build_ends_well(image):
    _, ran = image
    assert len(ran) == 2
    assert [it for it in ran if it[1]] == []


def test_what_is_copied_is_the_console_and_no_more(image):
    at, _ = image
    there = {it.name for it in at.iterdir()}
    assert there & NOT_SHIPPED == set()
    modules = {f"{it.stem}.py" for it in ROOT.glob("*.py")} & there
    known = {it.removesuffix(".py") for it in modules} | (there & OURS)
    imported = {
        name
        for path in at.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in _imports(node)
    }
    ours = {it.name.removesuffix(".py") for it in ROOT.iterdir() if (it / "__init__.py").exists()}
    ours |= {it.stem for it in ROOT.glob("*.py")}
    assert imported & ours <= known
    assert there >= OURS


def _imports(node):
    if isinstance(node, ast.Import):
        return [it.name.split(".")[0] for it in node.names]
    return [(node.module or "").split(".")[0]] if isinstance(node, ast.ImportFrom) else []


def test_files_that_are_no_code_come_along(image):
    """Queries, migrations, reference tables, fonts, worlds."""
    at, _ = image
    kinds = {".kql", ".json", ".woff2", ".toml", ".txt", ".svg", ".css", ".mako"}
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    wanted = {
        it
        for it in tracked
        if it.split("/")[0] in OURS | {"reference", ".streamlit"} and Path(it).suffix in kinds
    }
    assert len(wanted) > 20
    assert {it for it in wanted if not (at / it).exists()} == set()


def test_all_is_compiled_and_nothing_has_to_be_written_there(image):
    at, _ = image
    left = [
        it
        for it in at.rglob("*.py")
        if not list(it.parent.glob(f"__pycache__/{it.stem}.{sys.implementation.cache_tag}.pyc"))
    ]
    assert left == []


def test_the_builder_is_sent_what_is_copied_and_no_more():
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in lines
    sent = {it.removeprefix("!") for it in lines if it.startswith("!")}
    copied = {
        source
        for it in steps()
        if it.word == "COPY" and "--from" not in it.told
        for source in it.told.split()[:-1]
    }
    assert sent == copied


def test_it_is_nobody_in_particular_and_not_root():
    assert told("USER") == ["10001:10001"]
    assert "VOLUME" in {it.word for it in steps() if it.stage == 2}


def test_the_base_is_one_that_is_named():
    assert told("FROM") == ["python:${PYTHON} AS built", "python:${PYTHON}"]
    assert re.fullmatch(r"PYTHON=3\.1[123]\.\d+-slim-\w+(@sha256:[0-9a-f]{64})?", told("ARG")[0])


def test_it_is_asked_for_its_health_where_it_listens():
    (check,) = told("HEALTHCHECK")
    port = st.get_option("server.port")
    assert f"http://127.0.0.1:{port}{health.ALIVE}" in check
    assert told("EXPOSE") == [str(port)]


def test_it_starts_by_the_command_of_the_readme():
    assert told("CMD") == ['["streamlit", "run", "app.py"]']


def pins(file):
    return set(re.findall(r"^([a-z0-9-]+==[\w.]+)", (ROOT / file).read_text(), re.M))


def test_what_is_installed_is_what_is_tested_and_each_by_its_hash():
    assert pins("deploy/requirements.txt") == pins("requirements.txt")
    wanted = re.split(r"\n(?=[a-z])", (ROOT / "deploy/requirements.txt").read_text().strip())
    assert [it for it in wanted if "--hash=sha256:" not in it] == []


def test_every_install_asks_for_hashes_and_builds_nothing():
    installs = [it for it in told("RUN") if "pip install" in it]
    assert len(installs) == 1
    assert all("--require-hashes --only-binary :all:" in it for it in installs)
