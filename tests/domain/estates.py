"""Rows of the inventory as they come out of the join, so that a test of quota says only what it is
about; numbers are of 1,000 TPM and 6 RPM a unit unless it says otherwise."""

from datetime import timedelta

import pandas as pd

from domain import frames
from domain.inventory import INVENTORY
from domain.readings import USAGES, kept_columns
from tests.domain.rows import ACCOUNT, NOW, SUB, day, usage

POOL = f"{SUB}|westeurope|openai.standard.gpt-4o"
OF = {
    "rate": {"sku": "Standard", "unit_tpm": 1_000.0, "unit_rpm": 6.0, "unit_words": "1,000 TPM"},
    "o1": {"sku": "Standard", "unit_tpm": 6_000.0, "unit_rpm": 1.0, "unit_words": "6,000 TPM"},
    "o3": {"sku": "Standard", "unit_tpm": 10_000.0, "unit_rpm": 1.0, "unit_words": "10,000 TPM"},
    "whisper": {"sku": "Standard", "unit_tpm": None, "unit_rpm": 1.0, "unit_words": "1 RPM"},
    "ptu": {
        "sku": "ProvisionedManaged",
        "unit_tpm": None,
        "unit_rpm": None,
        "unit_words": "PTU",
        "capacity_min": 15,
        "capacity_step": 5,
    },
    "batch": {
        "sku": "GlobalBatch",
        "unit_tpm": None,
        "unit_rpm": None,
        "unit_words": "thousand enqueued tokens",
    },
}
"""What differs between the kinds of unit."""


def holder(name="chat", kind="rate", **fields):
    """One row of INVENTORY: ready, observed for 30 days, quiet about its peaks."""
    account = fields.get("account_id", ACCOUNT)
    return {
        "resource": f"{account}/deployments/{name}",
        "account_id": account,
        "deployment": name,
        "account": account.rpartition("/")[2],
        "subscription": SUB,
        "subscription_name": "Production",
        "region": "westeurope",
        "capacity": 100,
        "format": "OpenAI",
        "model": "gpt-4o",
        "version": "2024-11-20",
        "etag": '"1"',
        "health": "Ready",
        "unit": "retail",
        "environment": "dev",
        "standby": False,
        "idle": False,
        "listed": True,
        "fate": "no date announced",
        "usage_name": "OpenAI.Standard.gpt-4o",
        "pool": POOL,
        "capacity_max": 1_000,
        "covered_30d": 720,
        "peaks_30d_are": "by the minute",
        "created_at": day("2025-01-01"),
        "modified_at": day("2026-01-01"),
        "seen_at": NOW,
        **OF[kind],
        **fields,
    }


def estate(*holders):
    """Frame INVENTORY of these."""
    return frames.frame(INVENTORY, holders)


def one(frame):
    """The only row of a frame."""
    assert len(frame) == 1
    return frame.iloc[0]


def usages(*rows):
    """Frame USAGES as it is kept."""
    return frames.frame(kept_columns(USAGES), [usage(**it) for it in rows])


def told(value):
    """A cell as a plain value; None for what is missing."""
    return None if pd.isna(value) else value


def ago(**by):
    return NOW - timedelta(**by)
