"""Deliberate mistakes, planted into a copy of a module while a test runs: what checks the rules is
only worth something if it notices that they are broken."""

import sys
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]


class Mutant(NamedTuple):
    """One mistake: in this module these words are replaced."""

    name: str
    module: str
    was: str
    becomes: str


def source(module: str, mutant: Mutant | None = None) -> str:
    """The text of a module, with the mistake if it is one of this module."""
    text = (ROOT / f"{module.replace('.', '/')}.py").read_text()
    if mutant is None or mutant.module != module:
        return text
    assert text.count(mutant.was) == 1, f"{mutant.name}: what it replaces is not there once"
    return text.replace(mutant.was, mutant.becomes)


def copied(module: str, mutant: Mutant | None = None) -> ModuleType:
    """A copy of the module, which nobody has imported."""
    it = ModuleType(module)
    exec(compile(source(module, mutant), f"<{module}>", "exec"), it.__dict__)
    return it


def imported(monkeypatch: pytest.MonkeyPatch, module: str, mutant: Mutant | None) -> ModuleType:
    """Such a copy, which is what everybody imports from now on, until the test is over."""
    it = ModuleType(module)
    room, _, leaf = module.rpartition(".")
    monkeypatch.setitem(sys.modules, module, it)
    monkeypatch.setattr(sys.modules[room], leaf, it, raising=False)
    exec(compile(source(module, mutant), f"<{module}>", "exec"), it.__dict__)
    return it
