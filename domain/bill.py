"""The bill of one month in one currency: what was booked, and what was used and is not booked yet,
each line to those who pay it, and the proof that nothing was lost on the way.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd

from domain import (
    attribution,
    bookings,
    canon,
    direct,
    history,
    invoiced,
    late,
    obstacles,
    pricing,
    proof,
    provisioned,
    reconciliation,
    sharing,
)
from domain.billing import Bill, Check, Inputs, Rule
from domain.cents import with_cents
from domain.consumption import Consumption, consumed
from domain.costs import (
    CHARGES,
    FOUND,
    PLATFORM,
    SUMS,
    TOKENS,
    Basis,
    Line,
    Method,
)
from domain.frames import TEXT, WHOLE, Columns, fitted, frame
from domain.interning import spelled
from domain.units import UNASSIGNED

PREVIEW: Columns = {"unit": TEXT, "before_cents": WHOLE, "after_cents": WHOLE}
DRAFTS: Columns = {  # charges before cents, with what sharing rules can go by
    **{name: kind for name, kind in CHARGES.items() if name != "cents"},
    "service": TEXT,
    "group": TEXT,
    "origin": WHOLE,  # the booked row, or the estimate, that it is a share of
}
_ORDER = [
    *("day", "unit", "line", "resource", "meter_id", "product", "bucket", "tier", "basis"),
    *("method", "rule", "cause", "of_month", "account_id", "meter", "amount_e8", "quantity"),
]
_KEYS = ("resource", "account_id", "subscription", "model", "sku", "product", "meter_id", "meter")
_SUMMED = [it for it in SUMS if it not in ("tokens", "amount_e8", "cents")]


def made(inputs: Inputs) -> Bill:
    """The bill of these inputs; the same inputs in any order make the same bytes."""
    told = canon.ordered(inputs)
    hashed = canon.hashed(told)
    use = consumed(told)
    rows, odd = bookings.booked(told)
    cells = direct.billed(use, told)
    met = spelled(_reconciled(cells, told, use))
    drafts, matched, unexplained = _drafted(rows, cells, use, told)
    lacking = pricing.found(provisioned.unpriced(use, told, drafts))
    odd = _found(odd, obstacles.found(cells, matched, unexplained, use), lacking)
    odd = _found(odd, history.found(unexplained, told))
    expected = drafts.groupby("origin")["amount_e8"].sum()
    expected.update(rows["cost_e8"])
    expected = expected.reindex(_origins(rows, expected))
    drafts = _by_place(sharing.shared(drafts, use, told), told)
    checks = (*proof.of_lines(drafts, expected), _usage(cells, matched, drafts))
    del rows, cells, matched, unexplained  # the most that memory has to hold comes now
    settled = late.settled(told.late)
    amounts = int(expected.sum()) + int(told.late["amount_e8"].sum())
    twice = invoiced.twice(told, amounts - settled, drafts)
    charges = _charged(drafts, told, invoiced.lines(told, amounts - settled, twice))
    del drafts
    checks = (*checks, _once(charges, told))
    return Bill(
        month=inputs.month,
        currency=inputs.currency,
        charges=spelled(charges),
        sums=spelled(summed(charges)),
        reconciled=met,
        gaps=spelled(use.gaps),
        found=spelled(_found(odd, invoiced.found(twice, inputs.currency))),
        proof=proof.proven(charges, amounts, told.invoices, checks, settled),
        inputs_hash=hashed,
        cutoff={it: _last(inputs.booked_until.get(it)) for it in sorted(inputs.subscriptions)},
    )


def _last(day: datetime | None) -> str:
    """The last booked day; "" where nothing was ever booked."""
    return f"{day:%Y-%m-%d}" if day else ""


def preview(inputs: Inputs, rules: Sequence[Rule]) -> pd.DataFrame:
    """PREVIEW: what each unit pays in the month as it is, and would pay by these rules instead."""
    both = [made(it).charges for it in (inputs, replace(inputs, rules=tuple(rules)))]
    before, after = (it.groupby("unit")["cents"].sum() for it in both)
    units = sorted({*before.index, *after.index})
    rows = [(unit, int(before.get(unit, 0)), int(after.get(unit, 0))) for unit in units]
    return frame(PREVIEW, [dict(zip(PREVIEW, it, strict=True)) for it in rows])


def summed(charges: pd.DataFrame) -> pd.DataFrame:
    """SUMS of CHARGES."""
    tokens = charges["quantity"].where(charges["bucket"].isin(TOKENS), 0.0).fillna(0.0)
    rows = charges[[*_SUMMED, "amount_e8", "cents"]].assign(tokens=tokens)
    sums = rows.groupby(_SUMMED, sort=True, dropna=False, as_index=False).sum()
    return fitted(sums, SUMS)


def _drafted(
    rows: pd.DataFrame, cells: pd.DataFrame, use: Consumption, inputs: Inputs
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Draft charges before sharing, the booked lines that were split over cells, and those of
    accounts that no usage explains."""
    sort = rows["sort"].to_numpy()
    tokens = rows[sort == bookings.TOKENS]
    split = direct.split(tokens, cells, use)
    there = tokens.index.isin(split["origin"])
    ptu, lone = provisioned.charges(rows[sort == bookings.PROVISIONED], use, inputs)
    unexplained = pd.concat([tokens[~there], lone])
    unexplained["unseen"] = history.unknown(unexplained, inputs)
    guessed = direct.estimated(cells, use, inputs.now)
    parts = [
        split,
        guessed.assign(origin=guessed["origin"] + len(rows)),
        ptu,
        _of_accounts(unexplained, inputs),
        _unowned(rows[np.isin(sort, [bookings.SHARED, bookings.UNUSED, bookings.CORRECTION])]),
        _market(rows[sort == bookings.MARKETPLACE], inputs),
    ]
    kept = [fitted(it, DRAFTS) for it in parts if len(it)]
    drafts = pd.concat(kept, ignore_index=True) if kept else frame(DRAFTS, [])
    return drafts, tokens[there], unexplained


def _of_accounts(lines: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    if lines.empty:
        return lines
    made = direct.of_accounts(lines, inputs)
    provisioned_ = lines["sort"].eq(bookings.PROVISIONED).to_numpy(bool)
    reserved = lines["reservation"].fillna("").ne("").to_numpy(bool)
    kind = np.where(reserved, Line.PTU_RESERVED.value, Line.PTU_HOURLY.value)
    return made.assign(line=np.where(provisioned_, kind, made["line"]))


def _unowned(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines of no unit: shared ones wait for a rule, the platform keeps the others."""
    if lines.empty:
        return lines
    shared = lines["sort"].eq(bookings.SHARED).to_numpy(bool)
    units = np.where(shared, UNASSIGNED, PLATFORM)
    made = direct.placed(lines, frame(attribution.OWNED, [{"unit": str(it)} for it in units]))
    return made.assign(method=np.where(shared, Method.NONE, Method.KEPT))


def _market(lines: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    return direct.placed(lines, _places(lines, inputs)) if len(lines) else lines


def _by_place(drafts: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """Shared lines that no rule took go to whom their group or subscription is mapped to."""
    left = drafts["line"].eq(Line.SHARED) & drafts["unit"].eq(UNASSIGNED) & drafts["rule"].isna()
    rows = drafts[left.to_numpy(bool)]
    if rows.empty:
        return drafts
    units = _places(rows, inputs).set_index(rows.index)
    known = units["unit"].ne(UNASSIGNED)
    rows = rows.assign(unit=units["unit"], rule=units["rule"])
    rows["method"] = np.where(known, Method.DIRECT, Method.NONE)
    return pd.concat([drafts[~left.to_numpy(bool)], rows], ignore_index=True)


def _places(rows: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    places = {it: rows[it] for it in attribution.BY_PLACE}
    return attribution.attributed(rows["day"], places, inputs.rules, inputs.tree, inputs.tag)


def _origins(rows: pd.DataFrame, expected: "pd.Series[int]") -> list[int]:
    """Every booked row, whether anything came of it or not, and every estimate."""
    return sorted({*rows.index, *expected.index})


def _charged(drafts: pd.DataFrame, inputs: Inputs, entered: pd.DataFrame) -> pd.DataFrame:
    """CHARGES with what an invoice says beyond the lines, what came late, and cents."""
    parts = [drafts.drop(columns=["origin"]), inputs.late, entered]
    rows = pd.concat([fitted(it, CHARGES) for it in parts if len(it)] or [frame(CHARGES, [])])
    keys = {it: rows[it].fillna("") for it in (*_KEYS, "tier", "bucket")}
    rows = rows.assign(**keys, estimated=rows["estimated"].fillna(False))
    return fitted(with_cents(canon.in_order(rows, _ORDER)), CHARGES)


def _usage(cells: pd.DataFrame, matched: pd.DataFrame, drafts: pd.DataFrame) -> Check:
    """Invariant 7 of this bill."""
    waiting = obstacles.waiting(cells, matched)
    lacking = obstacles.unpriced(cells) + int(waiting.sum())
    booked = cells["booked"].astype(bool)
    priced = (cells["amount_e8"].notna() & ~booked) | (cells["match"].notna() & booked & ~waiting)
    used = drafts[drafts["line"].isin([Line.USAGE, Line.SPILLOVER]) & drafts["product"].notna()]
    quantities = float(cells["quantity"][priced].sum()), float(used["quantity"].sum())
    return proof.of_usage(int(priced.sum()), lacking, len(cells), *quantities)


def _once(charges: pd.DataFrame, inputs: Inputs) -> Check:
    """No day of a subscription is both booked and estimated."""
    ours = charges[charges["of_month"].isna() & charges["basis"].ne(Basis.ENTERED)]
    days = ours[["day", "subscription"]].assign(booked=ours["basis"].eq(Basis.BOOKED))
    both = int(days.drop_duplicates().duplicated(["day", "subscription"]).sum())
    words = f"No day of {len(inputs.subscriptions):,} subscriptions is both booked and estimated."
    return Check("once", both == 0, words if not both else f"{both:,} days are counted twice.")


def _reconciled(cells: pd.DataFrame, inputs: Inputs, use: Consumption) -> pd.DataFrame:
    spilled = use.places[use.places["spill"].gt(0)]
    days = frozenset(zip(spilled["day"], spilled["account_id"], strict=True))
    rated = provisioned.rated(use, inputs)
    every = pd.concat([cells, rated[rated.columns.intersection(cells.columns)]], ignore_index=True)
    begins = history.ledgers(inputs)
    known = (inputs.booked, inputs.meters, inputs.booked_until, inputs.prices)
    return reconciliation.reconciled(every, *known, spilled=days, begins=begins)


def _found(*parts: pd.DataFrame) -> pd.DataFrame:
    kept = [it for it in parts if len(it)]
    rows = fitted(pd.concat(kept, ignore_index=True), FOUND) if kept else frame(FOUND, [])
    return canon.in_order(rows, ["kind", "resource", "meter_id", "product", "what"])
