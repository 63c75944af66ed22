"""Content filters as the visitor may see them: narrowed from what is cached."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from domain import filters, periods
from domain.baselines import Baseline
from domain.blocklists import parsed as told_terms
from domain.filters import BOTH, Json, Key, Policy
from reads import filters as told
from reads.filters import Demands
from ui import data, drafts, scope, session
from ui.components import filter_cells, filter_words
from ui.data import Estate, Scope, moderated
from ui.data.moderated import Matrix

COMING, OWN_TAB = "deployment-tab", "Content filter"
"""The tab of a deployment's page that is about its filters."""


@dataclass(frozen=True, eq=False)
class View:
    """What the visitor may see of some deployments' filters."""

    estate: Estate
    """Its frame is the matrix, the furthest from its baseline first."""
    all: Matrix
    """All there is, for what is computed over whole accounts; never to be shown as it is."""
    held: Scope

    @property
    def rows(self) -> pd.DataFrame:
        return self.estate.frame

    @property
    def whole(self) -> bool:
        """Whether nothing is narrowed away."""
        return session.person().units is None and self.held.whole

    @property
    def keys(self) -> list[Key]:
        """The filters that occur anywhere in these subscriptions, in the order of columns."""
        return self.all.keys

    @property
    def accounts(self) -> list[str]:
        """Ids of the accounts that these deployments are in."""
        return list(self.rows["account_id"].unique())


def scoped(held: Scope) -> View:
    """The deployments of this scope."""
    everything = moderated.matrix(held.subscriptions, held.period)
    rows = data.in_scope(data.seen(everything.rows), held)
    kept = everything.kept
    return View(Estate(rows, kept.at, kept.troubles, 0), everything, held)


def everywhere(period: str = periods.USUAL) -> View:
    """Every deployment that the visitor may see, whatever the scope bar says."""
    return scoped(Scope(tuple(sorted(session.subscriptions())), None, None, period))


def one(view: View, resource: str) -> "pd.Series[str] | None":
    """One deployment of the matrix; None where it is not the visitor's to see."""
    found = view.rows[view.rows["resource"].eq(resource)]
    return None if found.empty else found.iloc[0]


def cells(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """Frame CELLS of these deployments, which the visitor may see."""
    kept = view.all.kept.cells
    return kept[kept["resource"].isin(rows["resource"])].reset_index(drop=True)


def modes(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """Frame DEVIATIONS of modes, with exempt, of these deployments."""
    kept = view.all.kept.modes
    return kept[kept["resource"].isin(rows["resource"])].reset_index(drop=True)


def demands() -> Demands:
    return moderated.demands()


def policies(view: View) -> pd.DataFrame:
    """Frame POLICIES with account, kind_words, users, farthest, units, mode_words and lists_words:
    of the accounts that the visitor has deployments in, the furthest from a baseline first."""
    rows = _of_accounts(view, view.all.kept.policies)
    used = view.rows.dropna(subset=["policy_resource"]).groupby("policy_resource")
    own = rows["resource"].map(view.all.kept.meanings)
    found = rows.assign(
        account=account(view, rows),
        kind_words=rows["kind"].map(filter_words.KINDS).fillna("not known").astype("string"),
        users=rows["resource"].map(used.size()).fillna(0).astype("Int64"),
        farthest=rows["resource"].map(used["distance"].max()).astype("Int64"),
        units=rows["resource"].map(used["unit_name"].agg(_listed)).astype("string"),
        mode_words=filter_words.mode(own.map(lambda it: it.mode)),
        lists_words=own.map(_lists).astype("string"),
    )
    return found.sort_values(
        ["farthest", "users", "account", "policy"],
        ascending=[False, False, True, True],
        na_position="last",
        ignore_index=True,
    )


def blocklists(view: View) -> pd.DataFrame:
    """Frame BLOCKLISTS with account, policies and terms as their number."""
    rows = _of_accounts(view, view.all.kept.blocklists)
    named = _naming(view)
    keys = rows["account_id"] + "|" + rows["blocklist"].str.lower()
    return rows.assign(
        account=account(view, rows),
        terms=[len(terms(it)) for it in rows["terms"]],
        told=rows["terms"],
        policies=keys.map(named).astype("string"),
    ).reset_index(drop=True)


def terms(text: object) -> list[Json]:
    """The terms of a row of BLOCKLISTS."""
    return told_terms(text if isinstance(text, str) else None)


def policy(view: View, resource: str) -> "pd.Series[str] | None":
    """One policy of policies(); None where it is not in an account of the visitor's."""
    found = policies(view)
    found = found[found["resource"].eq(resource)]
    return None if found.empty else found.iloc[0]


def named(view: View, account_id: str, name: str) -> Json:
    """The properties of a policy of this account; empty where it lists none of that name."""
    rows = view.all.kept.policies
    own = rows[rows["account_id"].eq(account_id) & rows["policy"].str.lower().eq(name.lower())]
    return filters.parsed(own["body"].iloc[0]) if len(own) else {}


def policy_id(view: View, account_id: str, name: str) -> str:
    """The id of a policy of this account; one that it does not list has the id it would have."""
    rows = view.all.kept.policies
    own = rows[rows["account_id"].eq(account_id) & rows["policy"].str.lower().eq(name.lower())]
    return str(own["resource"].iloc[0]) if len(own) else f"{account_id}/raipolicies/{name.lower()}"


def body(view: View, resource: str) -> str:
    """The properties of a policy by its id, as text; "" where nobody has seen it."""
    rows = view.all.kept.policies
    told = rows.loc[rows["resource"].eq(resource), "body"].dropna()
    return str(told.iloc[0]) if len(told) else ""


def meaning(view: View, account_id: str, body: Json) -> Policy:
    """What these properties mean in this account."""
    base = named(view, account_id, it) if (it := filters.based(body)) else {}
    return filters.read(body, base or None)


def users(view: View, resource: str) -> pd.DataFrame:
    """The deployments, of any unit, on which this policy is in force; of the visitor's own rows
    only those may be shown."""
    rows = view.all.rows
    return rows[rows["policy_resource"].eq(resource).fillna(False)].reset_index(drop=True)


def graded(view: View, account_id: str) -> Mapping[str, bool]:
    """The categories that there are where this account is, and whether each has levels."""
    return told.graded(_catalogue(view, account_id))


def catalogued(view: View, account_id: str) -> list[Key]:
    """The filters that there are where this account is, by Azure's names and each direction."""
    rows = _catalogue(view, account_id).dropna(subset=["filter"])
    sides = [[it] if isinstance(it, str) else list(BOTH) for it in rows["direction"].tolist()]
    return [
        (str(name), filters.folded(side))
        for name, told in zip(rows["filter"], sides, strict=True)
        for side in told
    ]


def in_order(found: Iterable[Key]) -> list[Key]:
    """Filters in the order of the matrix."""
    return sorted(found, key=filter_cells.place)


def baseline(named: str) -> Baseline | None:
    """A version of a baseline by key and version, as the matrix names it."""
    return next((it for it in demands().baselines if it.named == named), None)


def register(view: View) -> pd.DataFrame:
    """Frame REGISTER with deployment, account and unit_name: what people are excused from, and
    what is off without an entry, of what the visitor may see in this scope."""
    rows = view.all.register
    if view.whole or rows.empty:
        return rows
    mine = rows["resource"].isin([*view.rows["resource"], *view.accounts])
    return rows[mine].reset_index(drop=True)


def open_policy(resource: str) -> None:
    """Go to the page of this policy, if there is one."""
    if resource:
        scope.go("policy", policy=resource)


def open_deployment(resource: str) -> None:
    """Go to what this deployment blocks, if there is one."""
    if resource:
        drafts.begin(COMING, OWN_TAB)
        scope.open_deployment(resource)


def first_tab() -> str:
    """The tab to open for who has just come to see what a deployment blocks; "" for whichever it
    is."""
    tab = drafts.begun(COMING)
    drafts.drop(COMING)
    return str(tab or "")


def named_in_url() -> str:
    """The policy that the URL names; or ""."""
    now = scope.before("policy")
    scope.after("policy", now)
    return now[0] if now else ""


def mine(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    return rows if view.whole else rows[rows["resource"].isin(view.rows["resource"])]


def _of_accounts(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    if view.whole:
        return rows.reset_index(drop=True)
    return rows[rows["account_id"].isin(view.accounts)].reset_index(drop=True)


def account(view: View, rows: pd.DataFrame) -> "pd.Series[str]":
    accounts = view.all.kept.accounts
    return rows["account_id"].map(
        dict(zip(accounts["account_id"], accounts["account"], strict=True))
    )


def _lists(policy: Policy) -> str | None:
    said = [f"{name} ({filters.where(direction)})" for name, direction in policy.lists]
    return ", ".join(said) or None


def _listed(names: "pd.Series[str]") -> str:
    return ", ".join(sorted(names.dropna().unique()))


def _naming(view: View) -> dict[str, str]:
    """By account and blocklist the policies that put it in force."""
    found: dict[str, dict[str, None]] = {}
    for resource, policy in view.all.kept.meanings.items():
        account, _, name = resource.rpartition("/raipolicies/")
        for listed, _ in policy.lists:
            found.setdefault(f"{account}|{listed}", {})[name] = None
    return {key: ", ".join(it) for key, it in found.items()}


def _catalogue(view: View, account_id: str) -> pd.DataFrame:
    """Frame CATALOGUE of the region that this account is in."""
    kept = view.all.kept
    home = kept.accounts[kept.accounts["account_id"].eq(account_id)]
    rows = kept.catalogue
    if home.empty:
        return rows.head(0)
    here = rows["region"].eq(home["region"].iloc[0])
    here &= rows["subscription"].eq(home["subscription"].iloc[0])
    return rows[here.fillna(False).astype(bool)]
