"""What Azure calls each request of the console: the table by which its roles are checked.

Sources, by letter: P, the operations of the provider as Azure's permission reference lists them;
B, what the built-in role that serves the request contains; T, named after the path like its
neighbours in P, and confirmed by no document that we know.
"""

import re

S = "/subscriptions/[^/]+"
C = f"{S}/providers/microsoft.cognitiveservices"
A = f"{S}/resourcegroups/[^/]+/providers/microsoft.cognitiveservices/accounts/[^/]+"
ARM, LOGS, METRICS = r"management\.azure\.com", r"api\.loganalytics\.io", r".*metrics\.monitor\..*"
COGNITIVE, WORKSPACE = "Microsoft.CognitiveServices", "Microsoft.OperationalInsights/workspaces"
WRITTEN = {"GET": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}
OPEN, TENANT = "nobody needs a role", "Microsoft.Capacity/reservations/read"
"""No role of a subscription reaches reservations: they need a built-in one of the tenant."""


def _of_account(path, what, methods, source):
    for method in methods:
        action = f"{COGNITIVE}/accounts{what}/{WRITTEN[method]}"
        yield method, ARM, f"{A}{path}", (action,), source


ITEMS = "/raiblocklists/[^/]+/raiblocklistitems"
ROWS = (
    ("GET", ARM, "/subscriptions", ("Microsoft.Resources/subscriptions/read",), "P"),
    (
        "POST",
        ARM,
        "/providers/microsoft.resourcegraph/resources",
        ("Microsoft.ResourceGraph/resources/read", f"{COGNITIVE}/accounts/read"),
        "P; answers hold what may be read",
    ),
    ("GET", ARM, f"{C}/accounts", (f"{COGNITIVE}/accounts/read",), "P"),
    *_of_account("", "", ["GET"], "P"),
    *_of_account("/deployments", "/deployments", ["GET"], "P"),
    *_of_account("/deployments/[^/]+", "/deployments", ["GET", "PUT", "PATCH", "DELETE"], "P"),
    *_of_account("/raipolicies", "/raiPolicies", ["GET"], "P"),
    *_of_account("/raipolicies/[^/]+", "/raiPolicies", ["GET", "PUT", "DELETE"], "P"),
    *_of_account("/raiblocklists", "/raiBlocklists", ["GET"], "P"),
    *_of_account("/raiblocklists/[^/]+", "/raiBlocklists", ["GET", "PUT", "DELETE"], "P"),
    *_of_account(ITEMS, "/raiBlocklists/raiBlocklistItems", ["GET"], "P"),
    *_of_account(
        f"{ITEMS}/[^/]+", "/raiBlocklists/raiBlocklistItems", ["GET", "PUT", "DELETE"], "P"
    ),
    ("GET", ARM, f"{C}/deletedaccounts", (f"{COGNITIVE}/deletedAccounts/read",), "P"),
    *(
        (
            method,
            ARM,
            f"{C}/locations/[^/]+/resourcegroups/[^/]+/deletedaccounts/[^/]+",
            (f"{COGNITIVE}/locations/resourceGroups/deletedAccounts/{WRITTEN[method]}",),
            "P",
        )
        for method in ("GET", "DELETE")
    ),
    ("GET", ARM, f"{C}/locations/[^/]+/models", (f"{COGNITIVE}/locations/models/read",), "P"),
    ("GET", ARM, f"{C}/locations/[^/]+/usages", (f"{COGNITIVE}/locations/usages/read",), "P"),
    (
        "GET",
        ARM,
        f"{C}/locations/[^/]+/raicontentfilters",
        (f"{COGNITIVE}/locations/raiContentFilters/read",),
        "T",
    ),
    ("GET", ARM, f"{C}/modelcapacities", (f"{COGNITIVE}/modelCapacities/read",), "T"),
    ("GET", ARM, f"{C}/quotatiers", (f"{COGNITIVE}/quotaTiers/read",), "T"),
    (
        "GET",
        ARM,
        f"{S}/providers/microsoft.costmanagement/budgets",
        ("Microsoft.CostManagement/budgets/read",),
        "P",
    ),
    (
        "POST",
        ARM,
        f"{S}/providers/microsoft.costmanagement/query",
        ("Microsoft.CostManagement/query/read",),
        "B: Cost Management Reader has reads alone",
    ),
    (
        "GET",
        ARM,
        f"{S}/providers/microsoft.insights/eventtypes/management/values",
        ("Microsoft.Insights/eventtypes/values/read",),
        "P",
    ),
    (
        "GET",
        ARM,
        f"{S}/providers/microsoft.insights/metricalerts",
        ("Microsoft.Insights/metricAlerts/read",),
        "P",
    ),
    (
        "GET",
        ARM,
        f"{A}/providers/microsoft.insights/diagnosticsettings",
        ("Microsoft.Insights/diagnosticSettings/read",),
        "P",
    ),
    ("POST", METRICS, f"{S}/metrics:getbatch", ("Microsoft.Insights/metrics/read",), "P"),
    (
        "POST",
        LOGS,
        "/v1/workspaces/[^/]+/query",
        (
            f"{WORKSPACE}/read",
            f"{WORKSPACE}/query/read",
            f"{WORKSPACE}/query/ApiManagementGatewayLogs/read",
            f"{WORKSPACE}/query/ApiManagementGatewayLlmLog/read",
        ),
        "P, the last one T",
    ),
    ("GET", ARM, "/providers/microsoft.capacity/reservations", (TENANT,), "P"),
    ("GET", r"prices\.azure\.com", "/api/retail/prices", (OPEN,), "public"),
)


def actions(method, host, path):
    """The actions that a request needs; raises LookupError for one that no row names."""
    rows = [
        needed
        for asked, hosts, pattern, needed, _ in ROWS
        if asked == method and re.fullmatch(hosts, host) and re.fullmatch(pattern, path)
    ]
    if len(rows) != 1:
        raise LookupError(f"{len(rows)} rows for {method} {host}{path}")
    return rows[0]
