"""What-if: type new capacities or move units, see at once what would come of it, have it done."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from actions.visit import Visit
from domain import allocation
from domain.allocation import Draft
from domain.faults import OutOfRange
from domain.roles import Permission
from ui import drafts, faults, quota, scope, whatif
from ui.components import allocating_review, allocating_verdict, numbers, tables
from ui.components.pools_columns import GRID
from ui.faults import escaped
from ui.quota import View
from ui.whatif import NEW

WAYS = {"move": "Move units", "fill": "Fill to", "free": "Up to what is free"}
MEASURES = {"units": "units", "tpm": "TPM", "rpm": "RPM"}
TALLEST = 12
Names = Mapping[str, str]
Targets = Mapping[str, object]
Wanted = Callable[[], Targets]
ONE_POOL, MANY_POOLS = {"minimum", "maximum", "step", "unit_name"}, {"pool_name"}
"""Columns that stand in the grid of one pool alone, or of many."""
NARROWEST = 150
"""Pixels of a field."""


def closed(visit: Visit, view: View) -> str:
    """Why this visitor may not plan a change of quota; "" when they may."""
    if not visit.may(Permission.ALLOCATE):
        return f"Quota is moved by admins; you are {visit.person.role}. You may ask for more."
    if not view.whole:
        return "A pool is shared by units: who does not see every unit cannot move its quota."
    return ""


def body(visit: Visit, view: View, rows: pd.DataFrame, name: str) -> None:
    """The grid with these holders, the ways to fill it, and the verdict. name: of this grid."""
    if why := closed(visit, view):
        st.info(why, icon=":material/lock:")
        return
    key = f"{name}-{whatif.kept().turn}-{tables.keyed('grid', rows)}"
    whatif.typed(rows, key)
    draft = whatif.judged(view)
    about = whatif.about(view)
    _stale(view, about)
    _grid(rows, draft, key, many_pools=name != "pool")
    if not whatif.kept().targets:
        st.caption(
            ":material/edit: Type into the column New units. Nothing is stored before it is "
            "confirmed."
        )
        return
    allocating_verdict.head(draft)
    _actions(visit, draft)
    allocating_verdict.details(draft, whatif.names(about))


def chosen(visit: Visit, whole: View, view: View) -> None:
    """The what-if over the holders of a scope, narrowed by words; with the quick ways where only
    one pool is left."""
    if why := closed(visit, whole):
        st.info(why, icon=":material/lock:")
        return
    search = scope.words("Search", "grid", "Deployment, account, model, SKU or place")
    rows = quota.found(view.holders, search)
    if search and rows["pool"].nunique(dropna=False) == 1:
        forms(visit, whole, rows)
    else:
        st.caption("Narrow it down to one pool, and there are quick ways to move and to fill.")
    body(visit, whole, rows, "quota")


def forms(visit: Visit, view: View, rows: pd.DataFrame) -> None:
    """Quick ways over these holders of one pool: move, fill, take what is free. Each only fills the
    grid."""
    if closed(visit, view) or rows.empty:
        return
    names = dict(zip(rows["resource"], rows["deployment"] + " · " + rows["account"], strict=True))
    with st.container(border=True), faults.shown():
        with st.grid(4, min_column_width=NARROWEST, gap="small"):
            way = _one_of("What to do", "quick-way", WAYS)
            match way:
                case "move":
                    wanted = _move(rows, names)
                case "fill":
                    wanted = _fill(rows, names)
                case _:
                    wanted = _free(view, rows, names)
        pressed = st.button("Fill it in", key="quick-go", icon=":material/edit:")
        found = wanted() if pressed else {}
        if found:
            whatif.aim(rows, found)


def _move(rows: pd.DataFrame, names: Names) -> Wanted:
    to = quota.moving() if quota.moving() in names else ""
    giver = _chosen("From", "quick-from", names, _giver(rows, to))
    taker = _chosen("To", "quick-to", names, to)
    units = st.number_input("Units", min_value=1, value=None, step=1, key="quick-units")

    def wanted() -> Targets:
        if not (giver and taker and units):
            raise OutOfRange("Choose who gives, who takes, and how many units.")
        return allocation.moved(rows, giver, taker, int(units))

    return wanted


def _fill(rows: pd.DataFrame, names: Names) -> Wanted:
    chosen = _chosen("Deployment", "quick-of", names, quota.moving())
    of = _one_of("Counted in", "quick-in", MEASURES)
    to = st.number_input("To", min_value=0, value=None, step=1, key="quick-fill")

    def wanted() -> Targets:
        if not chosen or to is None:
            raise OutOfRange("Choose a deployment, and how much it is to have in all.")
        return allocation.filled(rows, chosen, to, of)

    return wanted


def _free(view: View, rows: pd.DataFrame, names: Names) -> Wanted:
    chosen = _chosen("Deployment", "quick-of", names, quota.moving())

    def wanted() -> Targets:
        if not chosen:
            raise OutOfRange("Choose the deployment that is to have all that is free.")
        return allocation.up_to_free(rows, view.kept.pools, chosen)

    return wanted


def _chosen(label: str, key: str, names: Names, usual: str) -> str:
    ids = list(names)
    at = ids.index(usual) if usual in names else None
    picked = st.selectbox(
        label, ids, index=at, key=key, format_func=lambda it: names.get(it, it),
        placeholder="Choose",
    )  # fmt: skip
    return str(picked or "")


def _one_of(label: str, key: str, options: Names) -> str:
    return str(st.selectbox(label, list(options), key=key, format_func=lambda it: options[it]))


def _giver(rows: pd.DataFrame, taker: str) -> str:
    """Who could give most to it."""
    others = rows[rows["resource"].ne(taker) & rows["reclaimable"].gt(0).fillna(False)]
    if not taker or others.empty:
        return ""
    return str(others.sort_values("reclaimable", ascending=False)["resource"].iloc[0])


def _grid(rows: pd.DataFrame, draft: Draft, key: str, many_pools: bool) -> None:
    """Everything is disabled but the new capacity; that is a courtesy, whatif.typed() the law."""
    targets = whatif.kept().targets
    new = rows["capacity"].astype("Float64")
    said = pd.Series(pd.NA, index=rows.index, dtype="string")
    if targets:
        told = {str(it["resource"]): it for it in draft.lines.to_dict("records")}
        places = rows["resource"].isin(list(targets)).to_numpy().nonzero()[0].tolist()
        typed = rows["resource"].iloc[places].tolist()
        new.iloc[places] = pd.Series([_shown(targets[it]) for it in typed], dtype="Float64")
        said.iloc[places] = [allocating_verdict.said(told[it]) for it in typed]
    made = {"new": new, "comes": said}
    left_out = ONE_POOL if many_pools else MANY_POOLS
    columns = {key: it for key, it in GRID.items() if key not in left_out}
    cells = {it.heading: made[name] if name in made else rows[name] for name, it in columns.items()}
    st.data_editor(
        pd.DataFrame(cells, copy=False),
        key=key,
        hide_index=True,
        width="stretch",
        height=tables.height(len(rows), TALLEST),
        row_height=tables.ROW,
        placeholder=numbers.NONE,
        disabled=[it for it in cells if it != NEW],
        column_config=tables.configs(GRID, cells),
        alt="Capacity of each deployment, with a column for new units",
    )


def _shown(units: object) -> Any:
    return float(units) if isinstance(units, int | float) else pd.NA


def _stale(view: View, about: pd.DataFrame) -> None:
    """What has changed under the visitor's hands."""
    others = whatif.moved_on(about)
    if others.empty:
        return
    told = [
        f"{escaped(it['deployment'])} had {numbers.exact(it['was'])} units when you began and has "
        f"{numbers.exact(it['capacity'])} now, last changed by {numbers.text(it['modified_by'])}."
        for it in others.to_dict("records")
    ]
    st.warning(f"It has changed since you began. {' '.join(told)}", icon=":material/sync_problem:")
    if st.button("Go on from what is there now", key="caught-up"):
        whatif.caught_up(view)
        st.rerun()


def _actions(visit: Visit, draft: Draft) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        wrong = bool(draft.broken) or not draft.legs
        if st.button(
            "Review and confirm", key="whatif-review", type="primary", disabled=wrong,
            icon=":material/rule:",
            help="Put right what is broken first." if wrong else None,
        ):  # fmt: skip
            drafts.begin(allocating_review.DRAFT, draft.fingerprint)
        st.button("Discard", key="whatif-drop", icon=":material/delete:", on_click=whatif.drop)
        if not visit.writes:
            st.caption("This console is read-only towards Azure: a what-if stays one.")
