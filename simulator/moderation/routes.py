"""Which request about content filters is which handler."""

from simulator.cognitiveservices.routes import ACCOUNT, LOCATION
from simulator.cognitiveservices.versions import VERSIONS
from simulator.moderation import blocklists, policies
from simulator.routing import Handler, Route

KNOWING = tuple(it for it in VERSIONS if it >= "2023-10-01")
POLICY = f"{ACCOUNT}/raipolicies/<policy>"
LIST = f"{ACCOUNT}/raiblocklists/<blocklist>"
ITEM = f"{LIST}/raiblocklistitems/<item>"
CATALOGUE = f"{LOCATION}/raicontentfilters"


def _row(method: str, path: str, handler: Handler) -> Route:
    return Route(method, path, handler, KNOWING)


ROUTES = (
    _row("GET", f"{ACCOUNT}/raipolicies", policies.listed),
    _row("GET", POLICY, policies.one),
    _row("PUT", POLICY, policies.put),
    _row("DELETE", POLICY, policies.delete),
    _row("GET", f"{ACCOUNT}/raiblocklists", blocklists.listed),
    _row("GET", LIST, blocklists.one),
    _row("PUT", LIST, blocklists.put),
    _row("DELETE", LIST, blocklists.delete),
    _row("POST", f"{LIST}/addraiblocklistitems", blocklists.add),
    _row("POST", f"{LIST}/deleteraiblocklistitems", blocklists.drop),
    _row("GET", f"{LIST}/raiblocklistitems", blocklists.items),
    _row("GET", ITEM, blocklists.one),
    _row("PUT", ITEM, blocklists.put_item),
    _row("DELETE", ITEM, blocklists.delete_item),
    _row("GET", CATALOGUE, policies.catalogue),
    _row("GET", f"{CATALOGUE}/<filter>", policies.one_filter),
)
