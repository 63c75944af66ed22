"""What the name of a meter seems to say, as a suggestion for a person to review.

The list abbreviates as it likes (Azure APIs, 7.1): `gpt 4o 1120 Inp glbl Tokens`, `5.4 opt Gl 1M
Tokens`. A name is read only where every word has one meaning and the model is one that Azure
lists; everything else is not suggested, and says why.
"""

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from domain.costs import METERS, Bucket
from domain.frames import FLAG, REAL, TEXT, Columns, frame, records
from domain.meters import SUGGESTED, Key

REVIEW: Columns = {  # unmapped meters of the list, for a person to decide about
    "meter_id": TEXT,
    "meter": TEXT,
    "model": TEXT,
    "version": TEXT,
    "scope": TEXT,
    "mode": TEXT,
    "tier": TEXT,
    "bucket": TEXT,
    "confidence": REAL,
    "readable": FLAG,
    "why": TEXT,  # it was not read, or what to look at
}
_WORDS = {
    "bucket": {
        "inp": "input", "inpt": "input", "input": "input",
        "outp": "output", "opt": "output", "output": "output", "outpt": "output",
    },
    "scope": {
        "glbl": "global", "gl": "global", "global": "global",
        "dz": "datazone", "dzone": "datazone", "datazone": "datazone",
        "regnl": "regional", "rgnl": "regional", "regional": "regional",
    },
    "tier": {"batch": "batch", "pp": "priority", "priority": "priority", "flex": "flex"},
    "cache": {"cd": "read", "cached": "read", "cchd": "read", "wr": "write", "write": "write"},
    "sort": {"aud": "audio", "audio": "audio"},
}  # fmt: skip
_SILENT = {"tokens", "token", "1m", "1k", "cache"}
_OTHER = {"ft", "finetune", "finetuned", "training", "hosting", "img", "image", "rft", "grader"}
_PTU = {"ptu", "provisioned"}
_BUCKETS = {
    ("input", "", ""): Bucket.INPUT,
    ("input", "read", ""): Bucket.CACHED,
    ("", "read", ""): Bucket.CACHED,
    ("input", "write", ""): Bucket.CACHE_WRITE,
    ("", "write", ""): Bucket.CACHE_WRITE,
    ("output", "", ""): Bucket.OUTPUT,
    ("input", "", "audio"): Bucket.AUDIO_INPUT,
    ("output", "", "audio"): Bucket.AUDIO_OUTPUT,
}


@dataclass(frozen=True)
class Read:
    """What a name says; without a key it was not read."""

    key: Key | None
    confidence: float
    why: str = ""


class _Unread(ValueError):
    """A name that could mean two things or none."""


def read(name: str, models: dict[str, tuple[str, ...]]) -> Read:
    """What a meter's name says, given the models that Azure lists with their versions. Confidence
    is 0.9 where all is spelled out, 0.7 where the family's name had to be added."""
    words = (
        name.lower().replace("data zone", "datazone").replace("-", " ").replace("_", " ").split()
    )
    try:
        if _PTU & set(words):
            scope = _only("scope", words)
            return Read(Key("", "", scope, "", "ptu", "standard", Bucket.PTU_HOURS), 0.7)
        if strange := _OTHER & set(words):
            raise _Unread(f'"{min(strange)}" is not of plain tokens')
        bucket = _bucket(words)
        scope, tier = _only("scope", words), _some("tier", words) or "standard"
        model, version, added = _model(words, models)
    except _Unread as unread:
        return Read(None, 0.0, str(unread.args[0]))
    why = f'"{model}" is not spelled out' if added else ""
    key = Key(model, version, scope, "", "tokens", tier, bucket)
    return Read(key, 0.7 if added else 0.9, why)


def suggested(retail: pd.DataFrame, models: pd.DataFrame) -> pd.DataFrame:
    """METERS of source "suggested", which price nothing, from names of RETAIL; `models` has model
    and version. A key that two meters of the same region would count is not suggested."""
    known = _known(models)
    found = {it["meter_id"]: (read(it["meter"] or "", known), it) for it in _distinct(retail)}
    rows = []
    for meter_id, (said, row) in found.items():
        if said.key is None:
            continue
        same = [it for it, (other, _) in found.items() if other.key == said.key]
        regions = [found[it][1]["region"] for it in same]
        if len(same) > 1 and (len(set(regions)) < len(regions) or not all(regions)):
            continue
        region = row["region"] if len(same) > 1 else ""
        fields = {**vars(said.key), "region": region, "meter_id": meter_id}
        rows.append({**fields, "source": SUGGESTED, "said_by": "", "at": row["starts"]})
    return frame(METERS, rows)


def review(retail: pd.DataFrame, meters: pd.DataFrame, models: pd.DataFrame) -> pd.DataFrame:
    """REVIEW: the meters of the list that nothing maps yet, with what their names seem to say;
    what can be read stands first."""
    mapped = set(meters.loc[meters["source"].ne(SUGGESTED).fillna(False), "meter_id"])
    known = _known(models)
    rows = []
    for it in _distinct(retail):
        if it["meter_id"] in mapped:
            continue
        said = read(it["meter"] or "", known)
        fields = vars(said.key) if said.key else {}
        told = {"confidence": said.confidence, "readable": said.key is not None, "why": said.why}
        rows.append({**fields, **told, "meter_id": it["meter_id"], "meter": it["meter"]})
    order = ["confidence", "meter", "meter_id"]
    return frame(REVIEW, rows).sort_values(order, ascending=[False, True, True], ignore_index=True)


def _distinct(retail: pd.DataFrame) -> list[dict[str, Any]]:
    rows = retail[retail["kind"].eq("Consumption").fillna(False)]
    regions = rows.groupby("meter_id")["region"].nunique()
    once = rows.drop_duplicates("meter_id")
    alone = once["meter_id"].map(regions).eq(1)
    return records(once.assign(region=once["region"].where(alone, "")))


def _known(models: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    rows = models[["model", "version"]].dropna().drop_duplicates()
    return {str(it): tuple(sorted(of["version"])) for it, of in rows.groupby("model")}


def _some(kind: str, words: list[str]) -> str:
    """What these words say of a kind, "" for nothing."""
    said = {_WORDS[kind][it] for it in words if it in _WORDS[kind]}
    if len(said) > 1:
        raise _Unread(f"two words for the {kind}: {', '.join(sorted(said))}")
    return next(iter(said), "")


def _only(kind: str, words: list[str]) -> str:
    if not (said := _some(kind, words)):
        raise _Unread(f"no word for the {kind}")
    return said


def _bucket(words: list[str]) -> Bucket:
    said = _some("bucket", words), _some("cache", words), _some("sort", words)
    if said not in _BUCKETS:
        raise _Unread("its words name no bucket" if any(said) else "no word for the bucket")
    return _BUCKETS[said]


def _model(words: list[str], models: dict[str, tuple[str, ...]]) -> tuple[str, str, bool]:
    """Model, version and whether the family's name had to be added."""
    spoken = {it for kind in _WORDS.values() for it in kind} | _SILENT
    rest = [it for it in words if it not in spoken]
    dates = [it for it in rest if re.fullmatch(r"\d{4}", it)]
    spelled = "".join(it for it in rest if it not in dates)
    if not spelled or len(dates) > 1:
        raise _Unread("no word for the model" if not spelled else "two words for the version")
    exact = [it for it in models if _squeezed(it) == spelled]
    found = exact or [it for it in models if _squeezed(it) == f"gpt{spelled}"]
    if len(found) != 1:
        raise _Unread(
            f'"{" ".join(rest)}" is no model that Azure lists' if not found else "two models"
        )
    return found[0], _version(dates, models[found[0]]), not exact


def _version(dates: list[str], versions: tuple[str, ...]) -> str:
    if not dates:
        return ""
    found = [it for it in versions if it.replace("-", "").endswith(dates[0])]
    if len(found) != 1:
        raise _Unread(f'"{dates[0]}" is no version that Azure lists, or two')
    return found[0]


def _squeezed(model: str) -> str:
    return re.sub(r"[\s_-]", "", model.lower())
