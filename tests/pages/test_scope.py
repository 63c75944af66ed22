"""The scope bar and the filters: what the URL says is what is shown, and what is chosen is said."""

import pytest

from tests.conftest import table, words
from tests.world import CHAT, SMALL
from ui import filters

NAMES = "Deployment"


def names(at):
    return set(table(at, NAMES)[NAMES])


def test_the_subscription_goes_into_the_url_by_its_id(opened):
    at = opened("deployments")
    at.multiselect(key="subscriptions").set_value([SMALL]).run()
    assert at.query_params["subscriptions"] == SMALL
    assert at.multiselect(key="subscriptions").options != [SMALL]


def test_the_unit_goes_into_the_url_by_its_id_and_narrows(opened):
    at = opened("deployments")
    everything = names(at)
    at.selectbox(key="unit").set_value("retail").run()
    assert at.query_params["unit"] == "retail"
    assert names(at) < everything
    assert set(table(at, "Business unit")["Business unit"]) <= {"Retail", "Stores", "Online shop"}


def test_the_url_sets_the_scope_and_survives_a_switch_of_pages(opened):
    at = opened("deployments", unit="retail", period="24h")
    assert at.selectbox(key="unit").value == "retail"
    assert at.selectbox(key="period").value == "24h"
    at.switch_page("../pages/operate/changes.py").run()
    assert at.selectbox(key="unit").value == "retail"
    assert at.query_params["unit"] == "retail"


def test_what_is_usual_is_not_in_the_url(opened):
    at = opened("deployments", unit="retail")
    at.selectbox(key="unit").set_value("").run()
    at.selectbox(key="period").set_value("7d").run()
    assert "unit" not in at.query_params
    assert "period" not in at.query_params


def test_a_link_that_was_changed_wins_over_what_was_chosen(opened):
    at = opened("deployments", unit="retail")
    at.query_params["unit"] = "finance"
    at.run()
    assert at.selectbox(key="unit").value == "finance"


def test_values_that_do_not_exist_are_left_out_and_named(opened):
    at = opened("deployments", unit="marketing", period="9y", region="atlantis")
    assert at.selectbox(key="unit").value == ""
    assert at.selectbox(key="period").value == "7d"
    said = words(at)
    assert all(it in said for it in ("marketing", "9y", "atlantis"))
    assert not at.exception


def test_a_manager_is_offered_own_units_only(opened):
    at = opened("deployments", "maria")
    offered = [it.strip() for it in at.selectbox(key="unit").options]
    assert sorted(offered) == ["All my units", "Online shop", "Retail", "Stores"]
    assert set(table(at, "Business unit")["Business unit"]) <= set(offered)


def test_the_bar_does_not_lift_what_a_person_may_see(opened):
    at = opened("deployments", "maria", unit="finance")
    assert at.selectbox(key="unit").value == ""
    assert set(table(at, "Business unit")["Business unit"]) <= {"Retail", "Stores", "Online shop"}


@pytest.mark.parametrize("field", ["health", "kind", "region", "model", "sku"])
def test_a_filter_in_the_url_narrows_the_table(opened, field):
    at = opened("deployments", columns="all")
    heading = {"health": "State", "kind": "Kind", "region": "Region", "model": "Model"}
    heading = heading.get(field, "SKU")
    first = table(at, heading)[heading].iloc[0]
    value = first[0] if isinstance(first, list) else first
    at = opened("deployments", columns="all", **{field: value})
    assert {str(it) for it in table(at, heading)[heading]} == {str(first)}


def test_the_search_looks_at_every_word(opened):
    at = opened("deployments", q="CHAT small")
    assert names(at) == {"chat"}
    assert "Search: CHAT small" in words(at).replace("\\", "")


def test_nothing_found_says_which_filters_and_clears_them(opened):
    at = opened("deployments", q="nothing-is-called-this")
    assert "Nothing matches" in at.info[0].value
    assert not [it for it in at.dataframe if NAMES in it.value.columns]
    at.button(key="clear-empty").click().run()
    assert "chat" in names(at)
    assert "q" not in at.query_params


@pytest.mark.parametrize("view", filters.VIEWS)
def test_a_saved_view_is_a_link(opened, view):
    at = opened("deployments", q="chat")
    at.button(key=f"view-{view}").click().run()
    assert not at.exception
    assert "q" not in at.query_params
    for key, values in filters.VIEWS[view].items():
        assert (at.query_params[key],) == values


def test_a_view_narrows_to_what_it_says(opened):
    at = opened("deployments", only="unowned")
    assert table(at, "Owner")["Owner"].isna().all()


def test_the_order_in_the_url_orders(opened):
    at = opened("deployments", order="tokens")
    shown = table(at, "Tokens")["Tokens"].dropna()
    assert shown.is_monotonic_decreasing


def test_columns_that_are_not_shown_do_not_reach_the_browser(opened):
    at = opened("deployments")
    assert "Resource id" not in table(at, NAMES)
    at = opened("deployments", columns="all")
    assert CHAT in set(table(at, NAMES)["Resource id"])
