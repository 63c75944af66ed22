"""Which content filters a region has, by the names that policies use."""

import pytest

from domain.faults import Unintelligible
from services import catalogue
from tests.services.recorded import CATALOGUE, SUB, content_filter

HATE = content_filter("Hate", name="Hate", isMultiLevelFilter=True)
del HATE["properties"]["source"]


def test_the_filters_of_a_region(azure, wire):
    wire.says(CATALOGUE, {"value": [HATE, content_filter()]})
    rows = catalogue.of_region(azure, SUB.upper(), "West Europe")
    of = {"subscription": SUB, "region": "westeurope"}
    assert rows == [
        {**of, "filter": "Hate", "graded": True, "direction": None},
        {**of, "filter": "Protected Material Text", "graded": False, "direction": "Completion"},
    ]


def test_a_filter_without_properties_has_its_name_and_nothing_more(azure, wire):
    wire.says(CATALOGUE, {"value": [{"name": "Groundedness"}]})
    (row,) = catalogue.of_region(azure, SUB, "westeurope")
    assert (row["filter"], row["graded"], row["direction"]) == ("Groundedness", None, None)


@pytest.mark.parametrize("wrong", [{"isMultiLevelFilter": "yes"}, {"source": 1}, {"name": []}])
def test_what_cannot_be_read_is_a_fault(azure, wire, wrong):
    wire.says(CATALOGUE, {"value": [content_filter(**wrong)]})
    with pytest.raises(Unintelligible):
        catalogue.of_region(azure, SUB, "westeurope")
