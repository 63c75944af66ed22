"""Make a deployment: only what Azure offers in the account, held against the rules before it is
proposed."""

from typing import Any

import pandas as pd
import streamlit as st

from actions import deploy
from actions.visit import Visit
from domain import capacity, journal, making, names, periods, skus, tags
from domain.faults import OutOfRange
from domain.making import Wanted
from domain.plans import GONE, Leg
from domain.roles import Permission
from domain.units import UNASSIGNED
from reads.offers import Offer
from ui import data, door, drafts, faults, offers, scope, session
from ui.components import deploying, proposing
from ui.faults import escaped

DRAFT = "create"
MOST = 1_000_000
PROVISIONED = (
    "Provisioned throughput is billed by the PTU-hour from the moment it is made, used or not. "
    "Quota is no promise: Azure may have no capacity left when it is made."
)


def button(visit: Visit) -> None:
    """Open the dialog, for admins."""
    if visit.may(Permission.ALLOCATE) and st.button(
        "New deployment", key="create", icon=":material/add:", disabled=not visit.writes,
        help="" if visit.writes else deploying.READ_ONLY,
    ):  # fmt: skip
        drafts.begin(DRAFT, True)


def dialog(page: str) -> None:
    """Draw the dialog when it is open."""
    if drafts.begun(DRAFT):
        shown = st.dialog("New deployment", width="large", on_dismiss=drafts.dropper(DRAFT))
        shown(_body)(page)


def _body(page: str) -> None:
    with faults.shown():
        visit = door.admit(page)
        home = _home()
        if home is None:
            st.caption("Choose an account; what it is offered comes from Azure's model list.")
            return
        offer = offers.offer(home)
        entry = _entry(offer)
        if entry is None:
            st.caption("Choose a model that Azure offers in this account.")
            return
        name, wanted = _wanted(offer, entry)
        unit = _unit(visit)
        live = _environment(visit, offer).lower() in tags.PRODUCTION
        needed = "The account is production, so a reason is needed." if live else ""
        terms = proposing.terms(visit, "create", needed=needed)
        fits = _verdict(visit, offer, name, wanted) and not (live and not terms.reason.strip())
        if st.button(
            f"Create {name.strip() or 'the deployment'}", type="primary", key="create-confirm",
            disabled=not fits,
        ):  # fmt: skip
            account = str(home["account_id"])
            number = deploy.create(visit, account, name, wanted, unit=unit, terms=terms)
            drafts.drop(DRAFT)
            drafts.say(f"Plan {number} recorded.")
            scope.open_plan(number)


def _home() -> "pd.Series[str] | None":
    rows = offers.accounts()
    labels = {
        it["account_id"]: f"{it['account']} \u00b7 {it['region']}" for it in rows.to_dict("records")
    }
    picked = st.selectbox(
        "Account", list(labels), index=None, format_func=lambda it: labels.get(it, it),
        key="create-account", placeholder="In which account",
    )  # fmt: skip
    return None if picked is None else rows[rows["account_id"] == picked].iloc[0]


def _entry(offer: Offer) -> "pd.Series[Any] | None":
    """The row of MODELS that is chosen: model, then version, then SKU. Each box is another one
    when the choice before it is, so that nothing stays chosen that is no longer offered."""
    rows, key = offer.entries, str(offer.home["account_id"])
    places = st.columns([2, 1.2, 1.6])
    for place, label in zip(places, ("Model", "Version", "SKU"), strict=True):
        field = label.lower()
        options = sorted(rows[field].dropna().unique(), reverse=field == "version")
        with place:
            picked = st.selectbox(
                label, options, index=None if field == "model" else 0, placeholder="Choose",
                key=f"create-{field}-{key}",
            )  # fmt: skip
        if picked is None:
            return None
        rows, key = rows[rows[field].eq(picked)], f"{key}-{picked}"
    return rows.iloc[0]


def _wanted(offer: Offer, entry: "pd.Series[Any]") -> tuple[str, Wanted]:
    left, right = st.columns([2, 1])
    with left:
        name = str(st.text_input("Name", key="create-name", max_chars=64))
    unit = skus.unit_words(entry["sku"], _real(entry["unit_tpm"]), _real(entry["unit_rpm"]))
    counts = unit if skus.family(entry["sku"]).unit == unit else f"units of {unit}"
    least, most, step, usual = _bounds(offer, entry)
    with right:
        units = st.number_input(
            f"Capacity ({counts})", least, most, usual, step,
            key=f"create-capacity-{entry['model']}-{entry['version']}-{entry['sku']}",
        )  # fmt: skip
    _room(offer, entry, int(units))
    upgrade = str(
        st.selectbox(
            "Azure moves it to another version", list(deploying.OPTIONS), key="create-upgrade",
            format_func=deploying.OPTIONS.__getitem__,
        )
    )  # fmt: skip
    format, model, version, sku = (str(entry[it]) for it in ("format", "model", "version", "sku"))
    return name, Wanted(format, model, version, sku, int(units), upgrade)


def _bounds(offer: Offer, entry: "pd.Series[Any]") -> tuple[int, int, int, int]:
    """Least, most, step, and what to begin with: what Azure proposes, as far as that is free."""
    low, high, step, usual = (
        None if pd.isna(entry[f"capacity_{it}"]) else int(entry[f"capacity_{it}"])
        for it in ("min", "max", "step", "default")
    )
    least, step = low or 1, step or 1
    drawn = making.drawn(offer.home, entry, offer.usages)
    free = least if drawn is None else int(float(drawn["limit"]) - float(drawn["used"]))
    start = min(usual or least, max(free // step * step, least))
    return least, max(high or MOST, least), step, max(start, least)


def _room(offer: Offer, entry: "pd.Series[Any]", many: int) -> None:
    """What the capacity is worth, and how much of it is free."""
    said = journal.units(many, str(entry["sku"]), {str(key): it for key, it in entry.items()})
    drawn = making.drawn(offer.home, entry, offer.usages)
    if drawn is not None:
        limit, used = float(drawn["limit"]), float(drawn["used"])
        free = f"{max(limit - used, 0):,.0f} of {limit:,.0f} units are free"
        pool = str(drawn["usage_name"])
        said += f" \u00b7 {free if limit > 0 else 'this subscription has no quota'} in {pool}"
    st.caption(f":material/straighten: {escaped(said)}")


def _unit(visit: Visit) -> str | None:
    tree = session.tree()
    units = scope.units(tree, visit.person.scope(tree))
    units = {key: label for key, label in units.items() if key not in {"", UNASSIGNED}}
    return st.selectbox(
        "Business unit", list(units), index=None, key="create-unit",
        format_func=lambda it: units.get(it, it), placeholder="As the account's tag says",
    )  # fmt: skip


def _verdict(visit: Visit, offer: Offer, name: str, wanted: Wanted) -> bool:
    """Whether it can be proposed; the rule that it breaks, or what follows."""
    if not name.strip():
        st.caption("Give it a name: callers will use it.")
        return False
    rows = data.everywhere(periods.USUAL)
    resource = f"{offer.home['account_id']}/deployments/{name.strip().lower()}"
    try:
        if resource in set(rows["resource"]):
            raise OutOfRange(f"There is a deployment {name} in this account already.")
        told = making.checked(
            offer.home, name, wanted, rows, offer.models, offer.usages, visit.clock()
        )
    except OutOfRange as broken:
        st.warning(escaped(broken.words), icon=":material/block:")
        return False
    if skus.family(wanted.sku).provisioned:
        st.warning(PROVISIONED, icon=":material/payments:")
    leg = Leg("deployment", resource, "", GONE, capacity.made(told.spec), told.pool,
              wanted.capacity)  # fmt: skip
    proposing.second_person([leg], {resource: _environment(visit, offer)})
    st.caption(f"{escaped(names.short(resource))} is made; it can be undone, which deletes it.")
    return True


def _environment(visit: Visit, offer: Offer) -> str:
    """What the account's tag says, which the deployment inherits."""
    told = offer.home["tags"]
    own = tags.parsed(None if pd.isna(told) else str(told))
    return tags.found(own, visit.tags.environment) or ""


def _real(value: object) -> float | None:
    return None if pd.isna(value) else float(value)  # type: ignore[call-overload, arg-type]
