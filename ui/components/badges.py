"""States in words with a colour each: the word says it, the colour helps to find it."""

from collections.abc import Mapping

SEVERITY = {"critical": "red", "warning": "orange", "notice": "blue"}
HEALTH = {
    "Ready": "green",
    "Changing": "blue",
    "Paused": "gray",
    "Disabled": "orange",
    "Failed": "red",
}
PLAN = {
    "waiting": "blue",
    "writing": "blue",
    "done": "green",
    "failed": "red",
    "aborted": "orange",
    "needs a person": "red",
}
VERDICT = {"ok": "green", "partial": "orange", "failing": "red", "not collected": "gray"}
FRESH = {"fresh": "green", "late": "orange", "stale": "red", "never": "gray"}
CAME = {"asked": "blue", "done": "green", "failed": "red", "unknown": "orange", "refused": "orange"}

ICONS: Mapping[str, str] = {
    "critical": ":material/error:",
    "warning": ":material/warning:",
    "notice": ":material/info:",
    "Ready": ":material/check_circle:",
    "Changing": ":material/progress_activity:",
    "Paused": ":material/pause_circle:",
    "Disabled": ":material/block:",
    "Failed": ":material/error:",
    "waiting": ":material/hourglass_top:",
    "writing": ":material/progress_activity:",
    "done": ":material/check_circle:",
    "failed": ":material/error:",
    "aborted": ":material/cancel:",
    "needs a person": ":material/person_alert:",
}


def worded(value: str, colours: Mapping[str, str]) -> str:
    """Markdown of a badge: icon and word; value is one of ours."""
    icon = ICONS.get(value, ":material/radio_button_unchecked:")
    return f":{colours.get(value, 'gray')}-badge[{icon} {value}]"
