"""Rows of the frames of money with plain defaults, so that a test says only what it is about."""

from domain.costs import AGREED, CHARGES, METERS, PRICED
from domain.frames import frame
from tests.domain.rows import ACCOUNT, NOW, SUB, day

DAY = day("2026-06-10")
CHAT = f"{ACCOUNT}/deployments/chat"
QUANTITY = {
    "day": DAY, "resource": CHAT, "account_id": ACCOUNT, "subscription": SUB, "model": "gpt-4o",
    "version": "2024-11-20", "scope": "global", "region": "westeurope", "mode": "tokens",
    "tier": "standard", "bucket": "input", "quantity": 1_000_000.0,
}  # fmt: skip


def meter(id="m-in", **fields):
    return {
        "meter_id": id, "model": "gpt-4o", "version": "", "scope": "global", "region": "",
        "mode": "tokens", "tier": "standard", "bucket": "input", "source": "reviewed",
        "said_by": "ada", "at": NOW, **fields,
    }  # fmt: skip


def priced(id="m-in", price="2.5", per=1_000_000, **fields):
    return {
        "meter_id": id, "currency": "EUR", "kind": "Consumption", "term": "", "region": "",
        "meter": f"{id} Tokens", "product": "Azure OpenAI", "sku_name": id,
        "service": "Foundry Models", "unit": "1M", "per": per, "price": price,
        "starts": day("2026-01-01"), **fields,
    }  # fmt: skip


def agreement(id=1, meter_id="m-in", **fields):
    return {
        "id": id, "meter_id": meter_id, "currency": "EUR", "starts": day("2026-01-01"),
        "source": "contract", "note": "", "said_by": "ada", "approver": "bob", "at": NOW, **fields,
    }  # fmt: skip


def charge(**fields):
    return {
        "day": DAY, "unit": "retail", "line": "usage", "basis": "booked", "method": "direct",
        "resource": CHAT, "account_id": ACCOUNT, "subscription": SUB, "model": "gpt-4o@2024-11-20",
        "sku": "GlobalStandard", "product": "", "meter_id": "m-in", "meter": "m-in Tokens",
        "tier": "standard", "bucket": "input", "quantity": 1_000_000.0, "estimated": False,
        "price": 2.5, "list_price": 2.5, "amount_e8": 250_000_000, "cents": 250, **fields,
    }  # fmt: skip


def meters(*rows):
    return frame(METERS, rows)


def prices(*rows):
    return frame(PRICED, rows)


def agreed(*rows):
    return frame(AGREED, rows)


def charges(*rows):
    return frame(CHARGES, rows)
