"""One pool: what it is, how full, who holds it, and who of them could give."""

from typing import Any

import pandas as pd
import streamlit as st

from domain import standing
from ui import quota, scope
from ui.components import badges, numbers, pools, states, tables
from ui.components.kpis import Kpi
from ui.components.pools_columns import ELSEWHERE, HOLDERS, STATE
from ui.faults import escaped
from ui.quota import View


def missing() -> None:
    """There is no such pool for this visitor."""
    moving = quota.moving()
    why = (
        "The quota pool of this deployment is not known, so it can't be changed here."
        if moving
        else "It may not be collected yet, or no deployment of your units draws on it."
    )
    states.nothing("There is no such pool here.", f"{why} Choose one in the list of all pools.")


def head(pool: "pd.Series[Any]") -> None:
    """Name, state, what one unit is, where it reaches, and who has it in use."""
    badge = badges.worded(str(pool["state"]), STATE)
    st.markdown(f"### {escaped(str(pool['name']))} &nbsp; {badge}")
    tier = "" if pd.isna(pool["tier"]) else str(pool["tier"])
    reach = {"Region": "for one region", "Data zone": "shared by the regions of a data zone",
             "Global": "shared by all regions"}  # fmt: skip
    told = [
        standing.words({str(name): it for name, it in pool.items()}),
        reach.get(str(pool["reach"]), ""),
        numbers.text(pool["subscription_name"]),
        tier,
        numbers.text(pool["title"]),
    ]
    st.caption(" · ".join(escaped(it) for it in told if it))
    if pool["conflicting"]:
        st.caption(":material/info: Regions answered different numbers; the newest are shown.")
    if pool["state"] == standing.NONE:
        st.info(
            "Azure's limit is 0: the subscription has no entitlement here. More quota has to be "
            "asked for; nothing can be moved into it.", icon=":material/block:",
        )  # fmt: skip
    pools.in_use(str(pool["pool"]), quota.in_use())


def kpis(pool: "pd.Series[Any]") -> list[Kpi]:
    unknown = numbers.counted(int(pool["unmeasured"]), "holder")
    unexplained = numbers.exact(pool["unexplained"])
    return [
        Kpi("Limit", numbers.exact(pool["limit"]), "units that Azure allows in this pool.",
            _worth(pool, "limit")),
        Kpi("Used", numbers.exact(pool["used"]), "units that Azure counts as used.",
            f"{numbers.percent(pool['share'], 0)} of the limit"),
        Kpi("Allocated", numbers.exact(pool["allocated"]),
            "units of the deployments that live; what Azure counts beyond that is unexplained: "
            "soft-deleted holders, or ones that the console does not see.",
            f"{unexplained} unexplained"),
        Kpi("Free", numbers.exact(pool["free"]), "limit less used.", _worth(pool, "free")),
        Kpi("Reclaimable", numbers.exact(pool["reclaimable"]),
            "units above the busiest minute of 30 days and its margin of 20 %, in production 40 %.",
            f"{unknown} of unknown need" if pool["unmeasured"] else _worth(pool, "reclaimable")),
    ]  # fmt: skip


def holders(view: View) -> None:
    """Who draws on it; a click on a name opens the deployment."""
    rows, pool = view.holders, view.pools.iloc[0]
    if rows.empty:
        st.caption("No deployment that you may see draws on it.")
    else:
        event = tables.show(
            rows, HOLDERS, tables.keyed("holders", rows), pick=("single-cell",), most=10,
            alt="Deployments that draw on this pool, with what they hold and need",
        )  # fmt: skip
        scope.open_deployment(tables.cell_picked(event, rows, "Deployment"))
    hidden = int(pool["holders"]) - len(rows)
    if pool["unexplained"] > 0:
        st.caption(
            f":material/help: {numbers.exact(pool['unexplained'])} units are used by no deployment "
            f"that the console sees{_deleted(pool)}."
        )
    if hidden > 0:
        st.caption(f"and {numbers.counted(hidden, 'deployment')} of units that are not yours")


def _deleted(pool: "pd.Series[Any]") -> str:
    if pd.isna(pool["deleted"]) or not pool["deleted"]:
        return ""
    many = numbers.counted(int(pool["deleted"]), "deleted account")
    return f"; {many} in its regions may hold them, see Quota, Deleted accounts"


def elsewhere(view: View) -> None:
    """Where the models of this pool have capacity."""
    rows = quota.elsewhere(view)
    if rows is None:
        states.not_measured("Model capacities", "nobody has asked Azure about these models yet.")
        return
    if rows.empty:
        st.caption("Nowhere has Azure capacity for its models that these subscriptions could use.")
        return
    pool = view.pools.iloc[0]
    rows = rows.assign(
        _sku=rows["sku"].str.lower().isin(str(pool["sku"]).lower().split(", ")),
        _own=rows["subscription"].eq(pool["subscription"]),
    )
    order = ["_sku", "_own", "available", "region"]
    rows = rows.sort_values(order, ascending=[False, False, False, True])
    tables.show(rows, ELSEWHERE, "elsewhere", most=12, alt="Where its models have capacity")
    st.caption(
        "What Azure says it has free for these models, and the subscription's quota allows; "
        "regions that share a pool name the same units."
    )


def _worth(pool: "pd.Series[Any]", name: str) -> str:
    """Units of one column in tokens or requests, where one unit is known."""
    for what in ("tpm", "rpm"):
        if not pd.isna(pool[name]) and not pd.isna(pool[f"unit_{what}"]) and pool[f"unit_{what}"]:
            return f"{numbers.short(pool[name] * pool[f'unit_{what}'])} {what.upper()}"
    return f"units of {numbers.text(pool['unit_words'])}"
