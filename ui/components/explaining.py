"""Take a figure of cost apart, down to the meter's line: quantity, price, rule, cents, rounding."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from domain import spending
from domain.billing import Rule
from domain.costs import TOKENS, Bucket
from ui import costs, data, exports, scope, session
from ui.components import cost_columns, cost_rules, numbers, spent, states, tables
from ui.costs import View
from ui.data import Scope, bills
from ui.faults import escaped

MOST = 1_000
"""Lines that are shown one by one; more are summed over days."""
CALLED = {"payer": "Business unit", "line": "Kind of cost", "model": "Model",
          "resource": "Deployment", "meter": "Meter", "day": "Day"}  # fmt: skip
METHODS = {
    "direct": "Own use",
    "entitlement": "By entitlement",
    "driver": "Shared by use",
    "weighted": "Shared by weighted use",
    "proportional": "Shared in proportion to own cost",
    "fixed": "Shared by fixed percentages",
    "subsidy": "Subsidised",
    "even": "Shared evenly",
    "kept": "Kept by the platform",
    "none": "No rule: unassigned",
}
FIXED = {"payer": "unit_name", "line": "line_name", "resource": "resource_name", "day": "day",
         "meter": "meter"}  # fmt: skip
"""Columns that say the same in each row once a figure is narrowed by the part."""
BLANK = ["bucket", "tier", "product", "cause", "of_month", "meter"]
_SAME = ["unit", "line", "resource", "meter_id", "meter", "bucket", "tier", "basis", "method",
         "rule", "product", "cause", "of_month"]  # fmt: skip


def crumbs(parts: dict[str, str], view: View) -> None:
    """The way down to here; each step leads back to it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(view.title, key="crumb-all", type="tertiary", icon=":material/home:",
                  on_click=scope.set_aside, kwargs=costs.narrower({}))  # fmt: skip
        way: dict[str, str] = {}
        for name, value in parts.items():
            way[name] = value
            label = f"{CALLED[name]}: {escaped(_named(name, value))}"
            st.button(label, key=f"crumb-{name}", type="tertiary", icon=":material/chevron_right:",
                      on_click=scope.set_aside, kwargs=costs.narrower(dict(way)))  # fmt: skip


def narrowed(rows: pd.DataFrame, parts: dict[str, str]) -> pd.DataFrame:
    """The lines of these parts."""
    return spending.chosen(rows, {costs.PARTS[it]: value for it, value in parts.items()})


def unknown() -> None:
    states.nothing("No line of this bill that you may see is so.",
                   "The link may be of another month, or about what is not yours.")  # fmt: skip


def total(rows: pd.DataFrame, parts: dict[str, str], view: View) -> None:
    """The figure, and whether it is the one that the page of cost shows."""
    cents = int(rows["cents"].sum())
    st.markdown(f"### {numbers.money(cents, view.currency)}")
    lines = numbers.counted(len(rows), "line")
    if "meter" in parts:
        st.caption(f"The sum of {lines} of the bill.")
        return
    clicked = narrowed(view.now, parts)["cents"].sum()
    same = clicked == cents
    mark = ":green[:material/check_circle:]" if same else ":red[:material/error:]"
    word = "which is the figure that was clicked" if same else (
        f"but the page of cost shows {numbers.money(clicked, view.currency)}"
    )  # fmt: skip
    st.markdown(f"{mark} :small[The sum of {lines} of the bill, {word}.]")


def split(rows: pd.DataFrame, parts: dict[str, str], view: View) -> None:
    """One level further down: a click goes there."""
    there = {it: CALLED[it] for it, column in costs.PARTS.items()
             if it not in parts and spending.keys(rows, column).nunique() > 1}  # fmt: skip
    if not there:
        return
    name = scope.either("Split by", "split", there)
    by = costs.PARTS[name]
    summed = rows.groupby(spending.keys(rows, by).rename("key"))["cents"].sum().reset_index()
    order = ["key"] if by == "day" else ["cents", "key"]
    summed = summed.sort_values(order, ascending=by == "day", ignore_index=True)
    whole = summed["cents"].sum()
    summed = summed.assign(
        name=pd.Series([_named(name, it, rows) for it in summed["key"]], dtype="string"),
        share=summed["cents"] / whole if whole else None,
    )
    columns = cost_columns.compared(view.currency, CALLED[name], "")
    event = tables.show(
        summed, columns, tables.keyed(f"split-{name}", summed, "key"), pick=("single-cell",),
        most=10, alt=f"The figure by {CALLED[name]}",
    )  # fmt: skip
    if (cells := event["selection"]["cells"]) and cells[0][0] < len(summed):
        costs.explain(**parts, **{name: str(summed["key"].iloc[cells[0][0]])})


def lines(rows: pd.DataFrame, parts: dict[str, str], view: View, held: Scope) -> None:
    """The lines themselves, each with its arithmetic and its rule."""
    st.subheader("Lines of the bill", anchor=False)
    single = len(rows) <= MOST
    shown = _worded(rows if single else _over_days(rows))
    if len(rows) == 1:
        st.markdown(sentence(rows.iloc[0], view.currency))
    fixed = {FIXED[it] for it in parts if it in FIXED}
    columns = {
        name: it for name, it in cost_columns.lines(view.currency).items()
        if name in shown and shown[name].notna().any() and name not in fixed
    }  # fmt: skip
    tables.show(shown, columns, f"lines-{len(shown)}", most=18, alt="Lines of the bill")
    said = numbers.counted(len(shown), "row")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(said if single else f"{said}: {len(rows):,} lines, summed over days",
                   width="content")  # fmt: skip
        about = {CALLED[it]: _named(it, value) for it, value in parts.items()}
        exports.offer(shown, columns, "cost-lines", {**costs.facts(view, held), **about})


def sentence(row: "pd.Series[Any]", currency: str) -> str:
    """One line's arithmetic in words."""
    exact = _e8(row["amount_e8"])
    cost = numbers.money(row["cents"], currency)
    if pd.isna(row["quantity"]) or pd.isna(row["price"]):
        return f"{exact} {currency} as booked, dealt as **{cost}**."
    tokens = str(row["bucket"]) in {str(it) for it in TOKENS}
    per = "million tokens" if tokens else "hour" if row["bucket"] in (
        Bucket.HOUR, Bucket.PTU_HOURS, Bucket.PTU_USED) else "piece"  # fmt: skip
    return (
        f"{row['quantity']:,.15g} {'tokens' if tokens else per + 's'} \u00d7 {row['price']:,.10g} "
        f"{currency} per {per} = {exact} {currency}, dealt as **{cost}**."
    )


def rule_words(method: str, rule: Rule | None, people: dict[str, str]) -> str:
    """By what rule, who set it, and since when."""
    said = METHODS.get(method, method)
    if rule is None:
        return said
    body = rule.body
    if rule.kind == "mapping":
        unit = str(body.get("unit") or "the unit of that name")
        what = (
            f"{str(body['by']).replace('_', ' ')} {body.get('key', '')} {body['value']} is {unit}"
        )
    elif rule.kind == "idle":
        pool, how = cost_rules.pool(str(body["pool"])), cost_rules.IDLE[str(body["rule"])]
        what = f"idle of {pool}: {how[0].lower()}{how[1:]}"
    else:
        what = str(body.get("title", ""))
    who = f", set by {people.get(rule.said_by, rule.said_by)}" if rule.said_by else ""
    return f"{said} (rule {rule.id}: {' '.join(what.split())}{who}, since {rule.starts:%Y-%m-%d})"


def rules_told(rows: pd.DataFrame) -> list[str]:
    """By what rule each of these lines came to its unit."""
    known, people = bills.rules(), data.people()
    numbered = rows["rule"].astype("Int64").fillna(0).astype(int).tolist()
    pairs = list(zip(rows["method"].fillna("").tolist(), numbered, strict=True))
    told = {it: rule_words(it[0], known.get(it[1]), people) for it in set(pairs)}
    return [told[it] for it in pairs]


def _named(name: str, value: str, rows: pd.DataFrame | None = None) -> str:
    if name == "meter" and rows is not None:
        found = rows.loc[rows["meter_id"].eq(value), "meter"].dropna()
        return str(found.iloc[0]) if len(found) else value or "No meter"
    return spent.named(value, costs.PARTS[name])


def _over_days(rows: pd.DataFrame) -> pd.DataFrame:
    """A booked price differs a little from day to day: the mean is of what was used at it."""
    known = rows["quantity"].notna() & rows["price"].notna() & rows["quantity"].gt(0)
    used = rows["quantity"].where(known)
    told = rows.assign(used=used, paid=rows["price"] * used, listed=rows["list_price"] * used)
    summed = told.groupby(_SAME, dropna=False, as_index=False).agg(
        days=("day", "nunique"), quantity=("quantity", "sum"), used=("used", "sum"),
        paid=("paid", "sum"), listed=("listed", "sum"), amount_e8=("amount_e8", "sum"),
        cents=("cents", "sum"),
    )  # fmt: skip
    used = summed["used"].where(summed["used"] > 0)
    return summed.assign(price=summed["paid"] / used, list_price=summed["listed"] / used)


def _worded(rows: pd.DataFrame) -> pd.DataFrame:
    tree = session.tree()
    listed = rows["list_price"].where(rows["list_price"] > 0)
    rest = rows["cents"] * 1_000_000 - rows["amount_e8"]
    texts: dict[str, Iterable[str]] = {
        "rule_words": rules_told(rows),
        "unit_name": rows["unit"].map(tree.name),
        "line_name": rows["line"].map(cost_columns.LINES),
        "resource_name": rows["resource"].fillna("").map(costs.resource_name),
        "exact": [_e8(it) for it in rows["amount_e8"]],
        "rounding": [_e8(it) for it in rest],
    }
    named = {it: pd.Series(list(values), index=rows.index, dtype="string")
             for it, values in texts.items()}  # fmt: skip
    blank = {it: rows[it].where(rows[it].ne("")) for it in BLANK}
    shown = rows.assign(**named, **blank, discount=1 - rows["price"] / listed)
    order = [
        it for it in ("day", "unit_name", "line_name", "resource_name", "meter") if it in shown
    ]
    return shown.sort_values(order, ignore_index=True)


def _e8(value: object) -> str:
    return numbers.NONE if pd.isna(value) else f"{Decimal(int(value)).scaleb(-8):,f}"  # type: ignore[call-overload]
