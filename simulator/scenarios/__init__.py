"""Scenario files: what is in the estate, as data."""

import json
import re
from pathlib import Path

from simulator.cognitiveservices import catalogue
from simulator.faults import ArmError, Json
from simulator.scenarios import scale

FOLDER = Path(__file__).parent
SCALE = re.compile(r"^scale(?:-(\d{1,5}))?$")


def titles() -> list[dict[str, str]]:
    """Name and title of every scenario; scale takes the number of accounts in its name."""
    found = [{"name": it.stem, "title": _read(it)["title"]} for it in sorted(FOLDER.glob("*.json"))]
    return [*found, {"name": "scale-1000", "title": "1,000 accounts with 10 deployments each"}]


def load(name: str) -> Json:
    """One scenario. Raises 400 for a name that there is none of."""
    if found := SCALE.match(name):
        return scale.scenario(int(found[1] or 1000))
    file = FOLDER / f"{name}.json"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not file.exists():
        raise ArmError(400, "BadOrder", f"There is no scenario '{name}'.")
    found_scenario = _read(file)
    if base := found_scenario.get("like"):
        return _aged(load(base) | found_scenario)
    return found_scenario


def _aged(scenario: Json) -> Json:
    """Deployments on other models, where a scenario says so and the new model has the SKU."""
    aging = scenario.get("aging", {})
    for account in scenario["accounts"]:
        for row in account.get("deployments", []):
            older = aging.get(row["model"])
            name, _, version = (older or "").partition("@")
            found = catalogue.entry({"format": "OpenAI", "name": name, "version": version})
            if found is not None and row["sku"] in found.skus:
                row["model"] = older
    return scenario


def _read(file: Path) -> Json:
    found: Json = json.loads(file.read_text())
    return found
