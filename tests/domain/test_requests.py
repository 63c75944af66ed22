"""What may become of a request, as the whole table; the pools that can be asked for."""

from itertools import product

import pytest

from domain import frames, requests
from domain.faults import OutOfRange
from domain.inventory import INVENTORY
from domain.requests import ASKABLE, NEXT, OPEN, Request, Status
from tests.conftest import moment

ALLOWED = {
    ("asked", "sent to Microsoft"),
    ("asked", "granted"),
    ("asked", "partly granted"),
    ("asked", "refused"),
    ("asked", "withdrawn"),
    ("sent to Microsoft", "granted"),
    ("sent to Microsoft", "partly granted"),
    ("sent to Microsoft", "refused"),
    ("sent to Microsoft", "withdrawn"),
}
POOL = "s|westeurope|openai.standard.gpt-4o"


@pytest.mark.parametrize(("old", "new"), list(product(Status, Status)))
def test_every_transition(old, new):
    request = Request("retail", POOL, 20, "x", "t/maria", moment(2026, 1, 5), status=old)
    if (str(old), str(new)) in ALLOWED:
        requests.require_next(request, new)
        return
    with pytest.raises(OutOfRange, match=f"is {old}: it cannot become {new}"):
        requests.require_next(request, new)


def test_what_is_open_can_end_and_what_has_ended_cannot_go_on():
    assert set(NEXT) == OPEN
    assert all(NEXT[it] - OPEN for it in OPEN)


def test_whoever_decides_is_offered_all_but_the_withdrawal():
    assert requests.next_of("asked") == (
        Status.SENT, Status.GRANTED, Status.PARTLY, Status.REFUSED,
    )  # fmt: skip
    assert requests.next_of("sent to Microsoft") == (
        Status.GRANTED, Status.PARTLY, Status.REFUSED,
    )  # fmt: skip
    assert requests.next_of("granted") == ()


def test_pools_that_can_be_asked_for_are_named_by_models_sku_and_place():
    def row(pool, model, sku="Standard", place="Prod"):
        return {"pool": pool, "model": model, "sku": sku, "subscription_name": place,
                "unit_words": "1,000 TPM"}  # fmt: skip

    glob = "s|global|openai.globalstandard.gpt-4o"
    rows = frames.frame(
        INVENTORY,
        [row(glob, "gpt-4o", "GlobalStandard"), row(POOL, "gpt-4o"), row(POOL, "gpt-4o"),
         row(POOL, "gpt-35"), row(None, "gpt-4")],
    )  # fmt: skip
    found = requests.askable(rows)
    assert found.dtypes.astype(str).to_dict() == dict(ASKABLE)
    assert found["title"].tolist() == [
        "gpt-35, gpt-4o · Standard · westeurope",
        "gpt-4o · GlobalStandard · global",
    ]
    assert found["unit_words"].tolist() == ["1,000 TPM"] * 2
    assert requests.askable(rows.head(0)).dtypes.astype(str).to_dict() == dict(ASKABLE)


def test_a_key_that_is_none_is_its_own_place():
    assert requests.words(POOL) == "westeurope · openai.standard.gpt-4o"
    assert requests.words("odd") == "odd"
