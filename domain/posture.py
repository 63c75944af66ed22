"""What an account logs, and who is told when it goes wrong.

Source: docs of azure-apis-2, sections 3 and 4.
"""

from domain.frames import FLAG, TEXT, WHOLE, Columns

DIAGNOSTICS: Columns = {  # one diagnostic setting of an account
    "setting": TEXT,  # its ARM id
    "account_id": TEXT,
    "name": TEXT,
    "workspace": TEXT,  # ARM id of the Log Analytics workspace that it writes to
    "elsewhere": FLAG,  # whether it writes to storage, an event hub or a partner
    "logs": TEXT,  # JSON list: categories and groups that are on
    "metrics": FLAG,
}
ALERTS: Columns = {  # one metric alert rule
    "rule": TEXT,  # its ARM id
    "subscription": TEXT,
    "name": TEXT,
    "enabled": FLAG,
    "severity": WHOLE,
    "scopes": TEXT,  # JSON list of ARM ids in lower case: accounts, groups, subscriptions
    "target_type": TEXT,
    "target_region": TEXT,
    "metrics": TEXT,  # JSON list of their names
    "deployments": TEXT,  # JSON list, of the dimension ModelDeploymentName; missing for all
    "told": WHOLE,  # action groups
}
EVERYTHING = "allLogs"
CATEGORIES = frozenset({"Audit", "RequestResponse", "AzureOpenAIRequestUsage", "Trace"})
"""Of an account; a new one joins EVERYTHING by itself, and no list of single ones."""
