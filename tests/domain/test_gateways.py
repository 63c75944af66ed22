"""Whose deployment a row of the gateway's log is about; tests/services/test_logs.py has the table
of cases as they come over the wire."""

import json

from hypothesis import given
from hypothesis import strategies as st

from domain import frames, gateways
from domain.costs import FOUND, GATEWAYS
from domain.frames import ACCOUNTS, DEPLOYMENTS

NAMES = st.sampled_from(["one", "two", "three"])
HOSTS = st.sampled_from(["", "one.openai.azure.com", "two.example", "three.openai.azure.com", "x"])


def estate(*pairs):
    """Accounts and deployments of (group, account, deployment)."""
    ids = {(group, name): f"/{group}/{name}" for group, name, _ in pairs}
    known = [
        {"account_id": it, "account": name, "endpoint": f"https://{name}.openai.azure.com/"}
        for (_, name), it in ids.items()
    ]
    below = [{"account_id": ids[group, name], "deployment": it} for group, name, it in pairs]
    return gateways.places(frames.frame(ACCOUNTS, known), frames.frame(DEPLOYMENTS, below))


@given(st.sets(st.tuples(st.sampled_from("ab"), NAMES, NAMES)), HOSTS, HOSTS | NAMES, NAMES)
def test_whatever_is_found_is_of_one_known_account(pairs, host, backend, deployment):
    found = estate(*pairs).resource(host, backend, deployment)
    if found is not None:
        account, _, name = found.partition("/deployments/")
        assert account in {f"/{group}/{name}" for group, name, _ in pairs}
        assert name == deployment
    if host and found:
        assert account.endswith(host.split(".")[0])


def test_nothing_known_is_nothing_found():
    assert estate().resource("one.openai.azure.com", "one", "chat") is None


def test_an_account_that_two_groups_have_is_none_that_a_name_finds():
    both = estate(("a", "one", "chat"), ("b", "one", "other"))
    assert both.resource("", "one", "chat") is None
    assert both.resource("one.openai.azure.com", "", "chat") is None
    assert both.resource("", "pool", "chat") == "/a/one/deployments/chat"


def test_the_unknown_are_named_with_most_tokens_first():
    rows = [
        {"deployment": name, "backend": "", "product": "p", "tokens": tokens}
        for name, tokens in (("few", 1.0), ("many", 5.0), ("few", 2.0))
    ]
    told = json.loads(gateways.named(rows))
    assert [(it["deployment"], it["tokens"]) for it in told] == [("many", 5.0), ("few", 3.0)]
    many = [{**rows[0], "deployment": str(it)} for it in range(100)]
    assert len(json.loads(gateways.named(many))) == gateways.MOST_NAMED


def test_what_is_unknown_is_a_finding_with_its_tokens():
    unknown = gateways.named(
        [{"deployment": "chat", "backend": "pool", "product": "shop", "tokens": 7.0}]
    )
    rows = [{"workspace": "w", "unknown": unknown}, {"workspace": "v"}]
    found = gateways.found(frames.frame(GATEWAYS, rows))
    assert list(found) == list(FOUND)
    (row,) = found.to_dict("records")
    assert (row["kind"], row["product"], row["quantity"]) == ("unknown deployment", "shop", 7.0)
    assert "chat behind pool" in row["what"]
