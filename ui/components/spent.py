"""What was spent: its figures, its tables, the proof of it, and what stands in its way."""

import pandas as pd
import streamlit as st

from domain import months, spending
from domain.closing import UNPRICED
from domain.costs import PLATFORM, Basis
from domain.findings import SEVERITIES
from domain.forecast import BAND, Forecast
from domain.units import UNASSIGNED
from ui import costs, exports, scope, session, silences
from ui.components import charts, cost_columns, numbers, palette, spent_chart, states, tables
from ui.components.kpis import Kpi
from ui.costs import View
from ui.data import Scope, bills
from ui.faults import escaped
from ui.words import named as named_in

LEAST = 185
"""Pixels that a figure of money needs."""
TARGET = 0.05
"""Of the cost, the most that may be nobody's."""
SURE = {
    Basis.BOOKED: "booked",
    Basis.ESTIMATED: "est. not yet booked",
    Basis.PROVISIONAL: "provisional today",
    Basis.ENTERED: "entered from invoices",
}


def bar() -> tuple[str, str]:
    """Draw month and currency; what is chosen."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width=230):
            month = costs.month()
        currency = costs.currency(month)
    return month, currency


def notes(view: View, held: Scope) -> None:
    """Of when the figures are, how sure, and what they leave out."""
    if view.head:
        now = session.at()
        state = f"{costs.named(view.month)} is {view.head.state}"
        last = min(view.booked_until, costs.last_day(view.month))
        booked = f"booked until {last}" if last else "nothing booked yet"
        age = numbers.age(view.head.made_at, now)
        st.caption(f":material/schedule: Bill of {numbers.moment(view.head.made_at)}, {age} old; "
                   f"{state}; {booked}. Days are UTC.")  # fmt: skip
        if why := costs.unmade(view):
            old = f"{escaped(why)} The figures are those of {numbers.moment(view.head.made_at)}."
            st.markdown(f":orange-badge[:material/warning: Earlier bill] :small[{old}]")
    for known in costs.partial(view):
        said = escaped(named_in(known, session.subscriptions()))
        st.markdown(f":orange-badge[:material/warning: Partial] :small[{said}]")
    if held.environment:
        st.caption(":material/info: Cost is not narrowed by environment.")
    _silences(view)


def _silences(view: View) -> None:
    if told := silences.said(view):
        names = session.subscriptions()
        said = " ".join(escaped(named_in(it, names)) for it in told[: states.LISTED])
        more = len(told) - states.LISTED
        rest = f" And {more} more, see Sources." if more > 0 else ""
        st.markdown(f":orange-badge[:material/warning: Partial] :small[{said}{rest}]")


def missing(view: View) -> None:
    """There is no bill to show: why, and when there will be one."""
    if not bills.heads():
        states.nothing(
            "No bill has been made yet.",
            "This page shows what every business unit spent. It needs usage, prices and Azure's "
            f"bookings, which the collector reads back day by day{costs.progress()}; see Sources. "
            "Billing data of a day arrives within 8 to 48 hours.",
        )
        _silences(view)
    else:
        first = min(it.month for it in bills.heads())
        states.nothing(
            f"Nothing is billed for {costs.named(view.month)}.",
            f"The first month that is known is {costs.named(first)}.",
        )


def kpis(view: View, held: Scope) -> list[Kpi]:
    before, cur = int(view.before["cents"].sum()), view.currency
    change = view.cents - before
    share = f"{change / abs(before):+.1%}" if before else "all"
    share = "less than 0.1%" if change and share in ("+0.0%", "-0.0%") else share
    known = view.earlier is not None
    found = [
        Kpi(
            f"Spent{' to date' if view.running else ''} ({cur})",
            numbers.money(view.cents),
            "sum of the bill's cents in this scope, allocated first and narrowed afterwards.",
            "of all units" if view.whole else "in what you see here",
            course=_course(view),
        ),
        Kpi(
            f"Change ({cur})",
            numbers.money(change, sign=True) if known else numbers.NONE,
            f"this month less the one before: {view.against}.",
            f"{share} on month before" if known else "no bill of the month before",
        ),
        Kpi(
            "Known callers",
            numbers.percent(spending.coverage(view.gaps)),
            "tokens whose caller the gateway names, of those that Azure counted.",
            "of tokens" if len(view.gaps) else "no gateway log here",
        ),
    ]  # fmt: skip
    if view.estate and not _narrow(view):
        missing = spending.unallocated(view.now)
        found.insert(2, Kpi(
            "Unassigned",
            numbers.percent(missing),
            f"cost that no unit has, of all; the target is at most {TARGET:.0%}.",
            f"target \u2264 {TARGET:.0%}"
            + ("" if missing is None else ", met" if missing <= TARGET else ", missed"),
        ))  # fmt: skip
    if told := costs.expected(view, held):
        found.insert(2, _expected(told, cur))
    return found


def _expected(told: Forecast, currency: str) -> Kpi:
    low, high = (numbers.short(None if it is None else it / 100) for it in (told.low, told.high))
    band = f"{low} to {high} ({BAND} %)"
    return Kpi(
        f"Month's end, est. ({currency})",
        numbers.money(told.expected),
        "whole days so far and a forecast of the rest, from this month's and the last one's days "
        f"(damped exponential smoothing with a week's season); {BAND} of 100 such bands hold.",
        told.words if told.expected is None else band,
    )


def sureness(view: View) -> None:
    """Booked, estimated and provisional, which never overlap, as one sum."""
    known = spending.bases(view.now)
    terms = [f"{SURE[it]} **{numbers.money(cents)}**" for it, cents in known.items()]
    compared = f" :small[Before is {view.against}.]" if view.earlier else ""
    st.markdown(f"{' + '.join(terms)} = **{numbers.money(view.cents, view.currency)}**{compared}")
    if unpriced := int(view.found["kind"].eq(UNPRICED).sum()):
        found = numbers.counted(unpriced, "finding")
        badge = ":red-badge[:material/error: Not priced]"
        st.markdown(f"{badge} :small[Usage without a price is not in it: {found} below.]")


def chart(view: View, notes: list[spent_chart.Note]) -> None:
    tree = session.tree()
    names = {it: tree.name(it) for it in [*tree.units, UNASSIGNED, PLATFORM]}
    colours = {**palette.units(tree), PLATFORM: palette.shade(palette.GREY, 0.4)}
    daily = spending.daily(view.now)
    top = daily.groupby("unit")["cents"].sum().sort_values(ascending=False)
    first = str(top.index[0]) if len(top) else ""
    share = top.iloc[0] / view.cents if view.cents and len(top) else None
    said = f"{escaped(names.get(first, first))} has {numbers.percent(share, 0)} of {view.title}"
    rows = daily.assign(at=daily["day"])
    charts.show(
        spent_chart.figure(view, colours, names, notes),
        key="spent",
        alt=f"Cost by day in {view.currency}, {view.title}, stacked by business unit",
        said=f"{said}; hatched days are est., not booked yet; dotted: {view.against}",
        rows=rows.assign(unit=rows["unit"].map(tree.name)),
    )


def table(view: View, held: Scope) -> None:
    """By unit, model, deployment, kind or day; a click takes a figure apart, the file is the
    screen."""
    by = scope.either("Sum up by", "by", spending.BY)
    rows = spending.compared(view.now, view.before, by)
    shown = spending.with_total(_named(rows, by))
    columns = cost_columns.compared(view.currency, spending.BY[by], view.against)
    shown = shown.assign(name=shown["name"].fillna(spending.TOTAL))
    event = tables.show(
        shown, columns, tables.keyed(f"spent-{by}", shown, "key"), pick=("single-cell",),
        alt=f"Cost by {by}, total in the last row",
    )  # fmt: skip
    if (cells := event["selection"]["cells"]) and cells[0][0] < len(shown):
        picked = str(shown["key"].iloc[cells[0][0]])
        parts = {} if picked == spending.TOTAL else {costs.CALLED[by]: picked}
        costs.explain(**parts)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{numbers.counted(len(rows), 'row')} and the total. Click a figure to see "
                   "what it is made of.", width="content")  # fmt: skip
        if st.button("Explain the total", key="explain-total", type="tertiary",
                     icon=":material/account_tree:"):  # fmt: skip
            costs.explain()
        exports.offer(shown, columns, f"cost-by-{by}", costs.facts(view, held))


def proof(view: View) -> None:
    """Shares and what is nobody's against the invoice; without figures for who sees a part."""
    if view.proof is None:
        return
    holds = view.proof.holds
    badge = (":green-badge[:material/check_circle: Adds up]" if holds
             else ":red-badge[:material/error: Does not add up]")  # fmt: skip
    if not view.estate:
        st.markdown(f"{badge} :small[The whole bill, of which you see your units, was held against "
                    f"{_against(view)}.]")  # fmt: skip
        return
    terms = {"shares of units": view.proof.shares, "kept by the platform": view.proof.kept,
             "unassigned": view.proof.unallocated, "unused reservation": view.proof.unused,
             "adjustments": view.proof.adjustments}  # fmt: skip
    said = " + ".join(f"{name} **{numbers.money(it)}**" for name, it in terms.items())
    total = numbers.money(view.proof.invoice, view.currency)
    sign = "=" if not view.proof.difference else "\u2260"
    st.markdown(f"{badge} {said} {sign} {_against(view)} **{total}**")
    if view.proof.difference:
        st.error(f"{numbers.money(view.proof.difference, view.currency)} are missing.")
    failed = [it for it in view.proof.checks if not it.holds]
    with st.expander(
        f"{numbers.counted(len(view.proof.checks), 'check')}, {len(failed)} failed",
        expanded=bool(failed), key="checks",
    ):  # fmt: skip
        for it in view.proof.checks:
            icon = ":green[:material/check:]" if it.holds else ":red[:material/close:]"
            st.markdown(f"{icon} {escaped(it.name)}: {escaped(it.words)}")


def findings(view: View) -> None:
    """What keeps the figures from being defended."""
    if view.found.empty:
        st.caption("Nothing: every token has its price, and every caller its unit.")
        return
    cents = (view.found["amount_e8"].astype("Float64") / 1e6).round().astype("Int64")
    rows = view.found.assign(name=_resources(view.found["resource"]), cents=cents)
    order = rows["severity"].map({it: at for at, it in enumerate(SEVERITIES)})
    rows = rows.assign(order=order).sort_values(
        ["order", "cents", "quantity"], ascending=[True, False, False], ignore_index=True
    )
    tables.show(rows, cost_columns.found(view.currency), "cost-findings", most=8,
                alt="What stands in the way of a number that can be defended")  # fmt: skip
    st.caption(f"{numbers.counted(len(rows), 'finding')}, the gravest first")


def named(key: str, by: str) -> str:
    """What a person calls it."""
    match by:
        case "unit":
            return session.tree().name(key)
        case "resource":
            return costs.resource_name(key)
        case "line":
            return cost_columns.LINES.get(key, key)
    return key or f"No {by} known"


def _named(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    return rows.assign(name=pd.Series([named(it, by) for it in rows["key"]], dtype="string"))


def _resources(values: "pd.Series[str]") -> "pd.Series[str]":
    return values.fillna("").map(costs.resource_name).astype("string")


def _against(view: View) -> str:
    return "the invoice" if view.proof and view.proof.entered else "booked and estimated cost"


def _narrow(view: View) -> bool:
    return not view.whole


def _course(view: View) -> tuple[float, ...]:
    days = view.now.groupby("day")["cents"].sum()
    days = days[days.index < pd.Timestamp(session.at()).normalize()] if view.running else days
    first = pd.Timestamp(months.first(view.month))
    return tuple((days[days.index >= first] / 100).astype(float)) if len(days) > 2 else ()
