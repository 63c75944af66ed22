"""See: what a verb may know of a deployment, for the person who asks; the basis of every plan."""

from dataclasses import dataclass

from actions.visit import Visit
from domain import names, tags
from domain.faults import NotAllowed, OutOfRange
from domain.readings import ACCOUNTS, DEPLOYMENTS, Topic, nothing
from domain.units import Tree
from store import snapshots, units
from store.engine import Session


@dataclass(frozen=True)
class Known:
    """A deployment as last collected."""

    tags: dict[str, str]
    etag: str
    tree: Tree
    production: bool
    """Whether its environment is one where a change needs a reason."""


def deployment(visit: Visit, session: Session, resource: str) -> Known:
    """Raises NotAllowed, in the same words for what does not exist and what is out of scope."""
    refusal = NotAllowed("This deployment is not among those you may change.")
    try:
        scope = names.subscription(resource)
    except ValueError as error:
        raise refusal from error
    account = _found(session, ACCOUNTS, scope, "account_id", names.account(resource))
    row = _found(session, DEPLOYMENTS, scope, "resource", resource)
    if account is None or row is None:
        raise refusal
    tree = units.tree(session)
    own, inherited = tags.parsed(row["tags"]), tags.parsed(account["tags"])

    def said(name: str) -> str | None:
        return tags.found(own, name) or tags.found(inherited, name)

    if not visit.person.sees(tree.of_tag(said(visit.tags.unit)), tree):
        raise refusal
    production = (said(visit.tags.environment) or "").lower() in tags.PRODUCTION
    return Known(own, row["etag"] or "", tree, production)


def require_reason(known: Known, resource: str, reason: str) -> None:
    """Raise OutOfRange for a change of production that nobody gives a reason for."""
    if known.production and not reason.strip():
        raise OutOfRange(f"{names.short(resource)} is production: say why it is changed.")


def _found(
    session: Session, topic: Topic, scope: str, key: str, value: str
) -> dict[str, str | None] | None:
    frame = (snapshots.kept(session, topic, [scope])[scope] or nothing(topic)).frame
    found = frame.loc[frame[key] == value, [it for it in ("tags", "etag") if it in frame]]
    if found.empty:
        return None
    return {
        str(name): None if missing else str(text)
        for (name, text), missing in zip(found.iloc[0].items(), found.iloc[0].isna(), strict=True)
    }
