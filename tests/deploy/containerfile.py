"""The Dockerfile as a list of steps, and as a script that lays its files out in a folder."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MADE = "python -m venv /venv"


@dataclass(frozen=True)
class Step:
    stage: int
    word: str
    told: str


def steps():
    """Comments left out, continued lines joined."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.M)
    lines = [it for it in text.replace("\\\n", " ").splitlines() if it.strip()]
    stage, found = 0, []
    for line in lines:
        word, _, told = line.partition(" ")
        stage += word == "FROM"
        found.append(Step(stage, word, " ".join(told.split())))
    return found


def told(word):
    return [it.told for it in steps() if it.word == word]


def laid(folder, environment):
    """Carry the first stage out below this folder, in which / is; what it ran, and how it ended.

    environment: variables of every RUN. Its virtual environment is there already.
    """
    at = folder / "console"
    ran = []
    for step in (it for it in steps() if it.stage == 1):
        if step.word == "COPY":
            *sources, target = step.told.split()
            for source in sources:
                _copy(ROOT / source, at / target / ("" if _file(source) else "."))
        elif step.word == "RUN" and step.told != MADE:
            command = re.sub(r"(?<![\w./])/(?=venv|console)", f"{folder}/", step.told)
            done = subprocess.run(
                ["sh", "-ec", command], cwd=at, env=environment, capture_output=True, text=True
            )
            ran.append((step.told, done.returncode, done.stdout + done.stderr))
    return at, ran


def _file(source):
    return (ROOT / source).is_file()


def _copy(source, target):
    if source.is_file():
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
    else:
        left_out = shutil.ignore_patterns("__pycache__", "secrets.toml")
        shutil.copytree(source, target, ignore=left_out, dirs_exist_ok=True)
