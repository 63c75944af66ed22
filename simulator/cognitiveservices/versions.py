"""Which api-versions this provider knows, and which fields came with which of them."""

VERSIONS = (
    "2023-05-01",
    "2023-10-01-preview",
    "2024-10-01",
    "2025-04-01-preview",
    "2025-06-01",
    "2025-09-01",
    "2025-10-01-preview",
    "2025-12-01",
    "2026-01-15-preview",
    "2026-03-01",
    "2026-03-15-preview",
    "2026-05-01",
    "2026-05-15-preview",
    "2026-07-01",
    "2026-07-15-preview",
    "2026-09-01",
    "2026-09-15-preview",
)
LATEST = "2026-09-01"


def tiers(version: str) -> bool:
    """serviceTier, deploymentState, routing, pause and resume."""
    return version >= "2025-10-01-preview"


def scopes(version: str) -> bool:
    """scopeType and scopeId of a quota row."""
    first = "2026-01-15" if version.endswith("-preview") else "2026-07-01"
    return version[:10] >= first


def row_ids(version: str) -> bool:
    """id and type of a quota row."""
    return version >= "2026-09-15-preview"


def late_fields(version: str) -> frozenset[str]:
    """Deployment properties that this version does not know."""
    hidden = set[str]()
    if not tiers(version):
        hidden |= {"serviceTier", "deploymentState", "routing"}
    if version < "2026-07-15-preview":
        hidden |= {"contextCacheContainerId"}
    if version < "2026-09-15-preview":
        hidden |= {"costControlIds"}
    return frozenset(hidden)
