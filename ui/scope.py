"""The scope that everything is looked at in, and how a choice is bound to the URL: by plain ids,
never by labels, kept over page switches, with unknown values named and left out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import streamlit as st
from streamlit.elements.lib.mutable_tab_container import TabContainer

from domain import periods
from domain.roles import CAST
from domain.units import UNASSIGNED, Tree
from ui import data, menu, session
from ui.data import Scope
from ui.faults import escaped
from ui.menu import Entry

HELD, TOLD, MOVED, AT, UNKNOWN, LED = "held:", "told:", "moved", "at", "unknown", "led"
LATER = "later"
Values = tuple[str, ...]
NARROWEST = 200
"""Pixels that a box needs before it goes to the next line."""


def begin() -> None:
    """First line of the frame: what this run was started by."""
    state = st.session_state
    state["mine"] = state.pop(MOVED, False)
    state["switched"] = state.get(AT) != st.context.url
    state[AT], state[LATER] = st.context.url, {}
    if not state.pop(LED, False):
        state[UNKNOWN] = []


def moved() -> None:
    """Callback of every bound widget: this run's choice is newer than the URL."""
    st.session_state[MOVED] = True


def before(key: str, default: Values = (), options: Sequence[str] | None = None) -> Values:
    """What is chosen for key, before its widget is drawn."""
    state, url = st.session_state, tuple(st.query_params.get_all(key))
    if _from_elsewhere(key, url):
        known = tuple(it for it in url if options is None or it in options)
        state[UNKNOWN] += [it for it in url if it not in known]
        state[HELD + key] = known or default
        state.pop(key, None)
    held: Values = state.get(HELD + key, default)
    return tuple(it for it in held if options is None or it in options) or default


def after(key: str, values: Values, default: Values = ()) -> None:
    """Keep what is chosen now; tell() writes it into the URL unless it is what is usual."""
    state = st.session_state
    state[HELD + key] = values
    state[LATER][key] = () if values == default else values


def tell() -> None:
    """Write what was chosen into the URL, as one step of the browser's history."""
    state = st.session_state
    for key, wanted in state[LATER].items():
        state[TOLD + key] = wanted
        if not wanted and key in st.query_params:
            del st.query_params[key]
    now = {key: tuple(st.query_params.get_all(key)) for key in state[LATER]}
    if new := {key: it for key, it in state[LATER].items() if it and it != now[key]}:
        st.query_params.update(new)
    state[LATER] = {}


def kept(key: str) -> Values:
    """What is chosen for key, before its box is drawn."""
    return tuple(it for it in before(key) if it)


def set_aside(**values: Values) -> None:
    """Callback of saved views and "clear": choose these instead."""
    for key, value in values.items():
        st.session_state[HELD + key] = value
        st.session_state.pop(key, None)
    moved()


def one(
    label: str, key: str, options: Mapping[str, str], usual: str = "", bare: bool = False
) -> str:
    """A box with one choice; options are labels by id, and usual is what is chosen at first."""
    ids = list(options)
    now = before(key, (usual,), ids)[0]
    if st.session_state.get(key) not in ids:
        st.session_state[key] = now
    picked = st.selectbox(
        label, ids, key=key, format_func=lambda it: options.get(it, it), on_change=moved,
        label_visibility="collapsed" if bare else "visible",
    )  # fmt: skip
    after(key, (str(picked),), (usual,))
    return str(picked)


def many(label: str, key: str, options: Mapping[str, str], everything: str, bare: bool) -> Values:
    """A box with many choices; none chosen is everything."""
    ids = list(options)
    now = before(key, (), ids)
    if key not in st.session_state or not set(st.session_state[key]) <= set(ids):
        st.session_state[key] = list(now)
    picked = st.multiselect(
        label, ids, key=key, format_func=lambda it: options.get(it, it), on_change=moved,
        placeholder=everything, label_visibility="collapsed" if bare else "visible", wrap=False,
    )  # fmt: skip
    after(key, tuple(picked))
    return tuple(picked)


def either(label: str, key: str, options: Mapping[str, str]) -> str:
    """Two or three choices side by side; the first is the usual one."""
    ids = list(options)
    now = before(key, (ids[0],), ids)[0]
    if st.session_state.get(key) not in ids:
        st.session_state[key] = now
    picked = st.segmented_control(
        label, ids, key=key, format_func=lambda it: options[it], on_change=moved, required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    after(key, (str(picked),), (ids[0],))
    return str(picked)


def words(label: str, key: str, hint: str) -> str:
    """A box for words to search for."""
    now = before(key)
    if key not in st.session_state:
        st.session_state[key] = now[0] if now else ""
    typed = str(
        st.text_input(label, key=key, placeholder=hint, on_change=moved, type="search",
                      icon=":material/search:", label_visibility="collapsed")
    ).strip()  # fmt: skip
    after(key, (typed,) if typed else ())
    return typed


def resource() -> str:
    """The deployment that the URL names."""
    now = before("deployment")
    after("deployment", now)
    return now[0] if now else ""


def number(key: str) -> int:
    """The number that the URL gives for key; 0 where it gives none."""
    now = before(key)
    after(key, now)
    return int(now[0]) if now and now[0].isdecimal() and len(now[0]) < 10 else 0


def tabs(*labels: str, first: str = "") -> Sequence[TabContainer]:
    """Tabs of which only the open one is drawn, kept in the URL. first: the one to open now."""
    if first:
        st.session_state["tab"] = first
    return st.tabs(labels, key="tab", on_change="rerun", bind="query-params")


def link(name: str, label: str, icon: str) -> None:
    """A link to another page, which opens as it was left."""
    st.page_link(menu.named(name).path, label=label, icon=icon)


def plan_link(number: int, label: str = "", icon: str = ":material/arrow_forward:") -> None:
    """A link to the page of a plan."""
    path, told = menu.named("plan").path, {"plan": str(number)}
    st.page_link(path, label=label or f"Plan {number}", icon=icon, query_params=told)


def rollout_link(number: int, title: str) -> None:
    """A link to the page of a rollout."""
    path, told = menu.named("rollout").path, {"rollout": str(number)}
    st.page_link(path, label=escaped(title), icon=":material/arrow_forward:", query_params=told)


def act_as() -> None:
    """On the local cloud: choose whom of the cast to be."""
    with st.sidebar:
        one("Act as", session.PERSONA, {it.id: f"{it.name}, {it.role}" for it in CAST}, CAST[0].id)


def bar() -> None:
    """Drawn once, by the frame."""
    tree, seen = session.tree(), session.person().scope(session.tree())
    environments = {it: it for it in data.environments()}
    named = {it: periods.words(it).capitalize() for it in periods.PERIODS}
    with st.grid(4, min_column_width=NARROWEST, gap="small"):
        many("Subscriptions", "subscriptions", session.subscriptions(), "All subscriptions", True)
        one("Business unit", "unit", units(tree, seen), bare=True)
        one("Environment", "environment", {"": "All environments", **environments}, bare=True)
        one("Period", "period", named, periods.USUAL, bare=True)


def notice() -> None:
    """After the page: what the URL asked for that does not exist."""
    if unknown := st.session_state[UNKNOWN]:
        st.caption(f":material/info: Not known here, left out: {escaped(', '.join(unknown))}")


def units(tree: Tree, seen: frozenset[str] | None) -> dict[str, str]:
    """The units that this person may choose, lower ones indented."""
    found = {"": "All units" if seen is None else "All my units"}
    waiting = [(it, 0) for it in reversed(list(tree.units.values())) if it.parent not in tree.units]
    while waiting:
        unit, depth = waiting.pop()
        if seen is None or unit.id in seen:
            found[unit.id] = "\u2003" * depth + unit.name
        below = [it for it in tree.units.values() if it.parent == unit.id]
        waiting += [(it, depth + 1) for it in reversed(below)]
    return found if seen is not None else {**found, UNASSIGNED: "Unassigned"}


def held() -> Scope:
    """What the bar says; before it is drawn, what the URL says."""
    state = st.session_state
    chosen: Values = state.get(HELD + "subscriptions", ())
    return Scope(
        tuple(sorted(chosen or session.subscriptions())),
        _single("unit"),
        _single("environment"),
        _single("period") or periods.USUAL,
    )


def beginning(scope: Scope, now: datetime) -> datetime:
    """When the period begins."""
    return now - periods.PERIODS[scope.period]


def since(which: str, scope: Scope, visit: datetime | None, now: datetime) -> datetime:
    """The period's beginning, or the end of the last visit where that was asked for."""
    return visit or now if which == "visit" else beginning(scope, now)


def words_of(scope: Scope) -> dict[str, str]:
    """The scope, for people and for files."""
    names, everything = session.subscriptions(), "all"
    chosen = sorted(names.get(it, it) for it in scope.subscriptions)
    return {
        "Subscriptions": everything if len(chosen) == len(names) else ", ".join(chosen),
        "Business unit": session.tree().name(scope.unit) if scope.unit else everything,
        "Environment": scope.environment or everything,
        "Period": periods.words(scope.period),
    }


def to(entry: Entry) -> Callable[[], None]:
    """A page that leads to another one, so that each keeps its own address for everybody."""

    def home() -> None:
        st.session_state[LED] = True
        tell()
        told = {key: st.query_params.get_all(key) for key in st.query_params}
        st.switch_page(entry.path, query_params=told)

    return home


def go(name: str, **told: str) -> None:
    """Go to another page, for which this was set aside; month and currency go along, all in one
    step of the browser's history."""
    kept = {
        it: st.query_params.get_all(it) for it in ("month", "currency") if it in st.query_params
    }
    st.switch_page(menu.named(name).path, query_params={**kept, **told})


def open_deployment(resource: str) -> None:
    """Go to the page of this deployment, if there is one."""
    if resource:
        st.switch_page(menu.named("deployment").path, query_params={"deployment": resource})


def open_plan(number: int) -> None:
    """Go to the page of this plan."""
    st.switch_page(menu.named("plan").path, query_params={"plan": str(number)})


def open_quota(resource: str) -> None:
    """Go where quota is moved, with this deployment chosen."""
    st.switch_page(menu.named("pool").path, query_params={"move": resource})


def _single(key: str) -> str | None:
    values: Values = st.session_state.get(HELD + key, ())
    return values[0] or None if values else None


def _from_elsewhere(key: str, url: Values) -> bool:
    """Whether the URL says something that this session did not write: a link, the back button."""
    state = st.session_state
    if TOLD + key not in state:
        return bool(url)
    if url == state[TOLD + key] or state["mine"]:
        return False
    return bool(url) or not state["switched"]
