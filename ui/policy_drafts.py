"""A change of filters that somebody is about to propose: from which policy it began, what is set
anew, which deployments it is for, and what all of that means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from domain import filters, impact, weakening
from domain.faults import OutOfRange
from domain.filters import GRADED, Json, Key, Policy, Strength
from domain.frames import TEXT, frame
from domain.weakening import Difference
from ui import courses, safety
from ui.safety import View

FILTERS, WHERE, REVIEW = 0, 1, 2
STEPS = ("Filters", "Deployments", "Review")
DIFFERENCES = {"of": TEXT, "way": TEXT, "what": TEXT, "before": TEXT, "after": TEXT}


@dataclass(frozen=True)
class Draft:
    account_id: str
    source: str
    """Name of the policy that it begins from."""
    name: str
    """Of the new policy."""
    targets: tuple[str, ...] = ()
    """Deployments that are given the new policy."""
    in_place: bool = False
    """Whether the policy itself is changed, for all who use it."""
    settings: Mapping[Key, Strength] = field(default_factory=dict)
    mode: str = ""
    """buffered or asynchronous; "" leaves it."""
    lists: Mapping[Key, Strength | None] = field(default_factory=dict)
    step: int = FILTERS
    seen: str = ""
    """Contents of the policy that it began from, when it did."""

    def at(self, step: int) -> "Draft":
        return replace(self, step=step)


def default(view: View, account_id: str) -> str:
    """The default policy of this account."""
    return next((it for it in filters.DEFAULTS if safety.named(view, account_id, it)),
                filters.DEFAULTS[0])  # fmt: skip


def begun(view: View, account_id: str, source: str, targets: Sequence[str] = ()) -> Draft:
    """A draft that changes nothing yet."""
    body = safety.named(view, account_id, source)
    stem = source.rpartition(".")[2].lower() or "filters"
    name = _free(view, account_id, f"{stem}-new")
    return Draft(account_id, source, name, tuple(targets), seen=filters.contents(body))


def tightened(view: View, row: "pd.Series[str]") -> Draft:
    """What brings one deployment to its baseline and loosens nothing."""
    account_id, source = str(row["account_id"]), str(row["policy"])
    draft = begun(view, account_id, source, [str(row["resource"])])
    name = _free(view, account_id, f"{row['deployment']}-baseline".lower())
    baseline = safety.baseline(str(row["baseline"])) if pd.notna(row["baseline"]) else None
    if baseline is None:
        return replace(draft, name=name)
    now = before(view, draft)
    short = {
        key: least for key, least in baseline.least.items() if (now.strength(key) or 0) < least
    }
    mode = baseline.mode if baseline.mode and now.mode != baseline.mode else ""
    return replace(draft, name=name, settings=short, mode=mode)


def start(view: View, draft: Draft) -> Json:
    """The properties that it begins from. A policy of Microsoft's becomes the base of the new
    one, so that what nobody states stays as it is there."""
    body = safety.named(view, draft.account_id, draft.source)
    if draft.in_place or not own(view, draft) or filters.based(body):
        return body
    return {"basePolicyName": draft.source, **filters.writable(body)}


def own(view: View, draft: Draft) -> bool:
    """Whether it begins from a policy of Microsoft's own."""
    told = safety.named(view, draft.account_id, draft.source)
    return bool(told.get("type") == filters.SYSTEM)


def body(view: View, draft: Draft) -> Json:
    """The properties as they are to be; raises OutOfRange, in words."""
    kept = view.all.kept.blocklists
    mine = kept.loc[kept["account_id"].eq(draft.account_id), "blocklist"].tolist()
    spelled = {it.lower(): it for it in mine}
    lists = {(spelled.get(name, name), way): it for (name, way), it in draft.lists.items()}
    return filters.edited(
        start(view, draft), draft.settings, mode=draft.mode or None, lists=lists or None,
        graded=safety.graded(view, draft.account_id),
    )  # fmt: skip


def before(view: View, draft: Draft) -> Policy:
    """What the policy that it begins from means."""
    told = safety.named(view, draft.account_id, draft.source)
    return safety.meaning(view, draft.account_id, told)


def after(view: View, draft: Draft) -> Policy:
    """What is meant once it is done."""
    return safety.meaning(view, draft.account_id, body(view, draft))


def keys(view: View, draft: Draft) -> list[Key]:
    """The filters that can be set: those of the policy, and those of the region."""
    known = {(filters.folded(it), way) for it, way in safety.catalogued(view, draft.account_id)}
    return safety.in_order({*before(view, draft).cells, *known})


def levels(view: View, draft: Draft) -> dict[str, bool]:
    """Of each category whether it has levels."""
    told = {filters.folded(it): way for it, way in safety.graded(view, draft.account_id).items()}
    policy = before(view, draft)
    stated = {key[0]: policy.graded(key) for key in policy.cells}
    return {**dict.fromkeys(GRADED, True), **stated, **told}


def affected(view: View, draft: Draft) -> pd.DataFrame:
    """The deployments that it changes, of any unit; the visitor may not see all of them."""
    if not draft.in_place:
        rows = view.all.rows
        return rows[rows["resource"].isin(draft.targets)].reset_index(drop=True)
    told = view.all.kept.policies
    mine = told["account_id"].eq(draft.account_id)
    mine &= told["policy"].str.lower().eq(draft.source.lower())
    return safety.users(view, str(told.loc[mine, "resource"].iloc[0])) if mine.any() else (
        view.all.rows.head(0)
    )  # fmt: skip


def differences(view: View, draft: Draft) -> list[tuple[str, list[Difference]]]:
    """What becomes other, by the deployments for which it does; where none is chosen, against the
    policy that it begins from."""
    new = after(view, draft)
    rows = affected(view, draft)
    if draft.in_place or rows.empty:
        return [(_count(rows), weakening.between(before(view, draft), new))]
    found = []
    for name, part in rows.groupby("policy", sort=False):
        old = safety.named(view, draft.account_id, str(name))
        told = weakening.between(safety.meaning(view, draft.account_id, old), new)
        found.append((called(part), told))
    return found


def lines(found: Sequence[tuple[str, Sequence[Difference]]]) -> pd.DataFrame:
    """Columns DIFFERENCES, what weakens first."""
    order = ["looser", "different", "stricter"]
    rows = [
        {"of": of, "way": str(it.way), "what": it.what, "before": it.before, "after": it.after}
        for of, told in found
        for it in told
    ]
    return frame(DIFFERENCES, sorted(rows, key=lambda it: order.index(str(it["way"]))))


def because(found: Sequence[tuple[str, Sequence[Difference]]]) -> list[str]:
    """What weakens, in words."""
    return list(dict.fromkeys(it for _, told in found for it in weakening.weakens(told)))


def counted_anew(view: View, draft: Draft) -> pd.DataFrame:
    """Columns filter, was, would, sample, days: what the deployments blocked, and what they would
    have; missing where Azure told nothing to count from. Of the filters that change."""
    new, rows = after(view, draft), affected(view, draft)
    parts = []
    for name, part in rows.groupby("policy", sort=False):
        old = safety.meaning(
            view, draft.account_id, safety.named(view, draft.account_id, str(name))
        )
        told = impact.recount(courses.over_time(view, part), old, new)
        moved = {(it.category, it.direction) for it in weakening.between(old, new)}
        pairs = pd.Series(list(zip(told["category"], told["direction"], strict=True)), dtype=object)
        parts.append(told[pairs.isin(moved).to_numpy(dtype=bool)])
    if not parts:
        return pd.DataFrame()
    both = pd.concat(parts).groupby(["category", "direction"], sort=False)
    summed = pd.DataFrame(
        {
            "was": both["was_blocked"].sum(min_count=1),
            "would": both["would_be_blocked"].agg(lambda it: it.sum(skipna=False)),
            "sample": both["sample"].sum(min_count=1),
            "days": both["days"].max(),
        }
    ).reset_index()
    said = [filters.called(*it) for it in zip(summed["category"], summed["direction"], strict=True)]
    return summed.assign(filter=pd.Series(said, dtype="string"))


def wrong(view: View, draft: Draft) -> str:
    """Why it cannot be proposed as it is; "" when it can."""
    try:
        if not draft.in_place:
            filters.named(draft.name)
        new = body(view, draft)
    except OutOfRange as fault:
        return fault.words
    if not draft.in_place and safety.named(view, draft.account_id, draft.name):
        return f"There is a policy {draft.name} in this account already."
    same = filters.contents(new) == filters.contents(start(view, draft))
    return "Nothing is changed yet." if same and draft.in_place else ""


def moved_on(view: View, draft: Draft) -> bool:
    """Whether somebody has changed the policy since the draft was begun."""
    told = safety.named(view, draft.account_id, draft.source)
    return filters.contents(told) != draft.seen


def _free(view: View, account_id: str, name: str) -> str:
    """This name, or with a number behind it, that no policy of the account has."""
    name = name[:56]
    tries = [name, *(f"{name}-{it}" for it in range(2, 100))]
    return next((it for it in tries if not safety.named(view, account_id, it)), name)


def called(rows: pd.DataFrame) -> str:
    """These deployments for people."""
    return str(rows["deployment"].iloc[0]) if len(rows) == 1 else _count(rows)


def _count(rows: pd.DataFrame) -> str:
    return f"{len(rows):,} deployments" if len(rows) != 1 else str(rows["deployment"].iloc[0])
