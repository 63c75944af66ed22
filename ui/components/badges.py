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
    "waiting for approval": "violet",
    "waiting": "blue",
    "halfway": "blue",
    "putting back": "orange",
    "done": "green",
    "refused": "red",
    "aborted": "orange",
    "put back": "orange",
    "needs a person": "red",
    "resolved": "gray",
    "withdrawn": "gray",
}
EFFECT = {
    "as requested": "green",
    "as before": "blue",
    "something else": "red",
    "not known": "gray",
}
AGENDA = {"begins": "blue", "goes back": "orange"}
LEG = {
    "not begun": "gray",
    "sent, no answer yet": "orange",
    "written, Azure is at it": "blue",
    "to be sent again": "orange",
    "refused": "red",
    "verified": "green",
    "being put back": "orange",
    "put back": "orange",
    "not put back": "red",
    "not in force": "gray",
    "not certain": "red",
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
    "waiting for approval": ":material/how_to_reg:",
    "halfway": ":material/progress_activity:",
    "putting back": ":material/undo:",
    "done": ":material/check_circle:",
    "refused": ":material/block:",
    "put back": ":material/undo:",
    "resolved": ":material/task_alt:",
    "withdrawn": ":material/cancel:",
    "aborted": ":material/cancel:",
    "needs a person": ":material/person_alert:",
    "not begun": ":material/radio_button_unchecked:",
    "sent, no answer yet": ":material/hourglass_top:",
    "written, Azure is at it": ":material/progress_activity:",
    "to be sent again": ":material/hourglass_top:",
    "verified": ":material/check_circle:",
    "being put back": ":material/undo:",
    "not put back": ":material/error:",
    "not in force": ":material/remove_circle:",
    "not certain": ":material/help:",
    "Over its limit": ":material/error:",
    "Full": ":material/block:",
    "Nearly full": ":material/warning:",
    "Room": ":material/check_circle:",
    "No entitlement": ":material/do_not_disturb_on:",
    "Not known": ":material/help:",
}


def worded(value: str, colours: Mapping[str, str]) -> str:
    """Markdown of a badge: icon and word; value is one of ours."""
    icon = ICONS.get(value, ":material/radio_button_unchecked:")
    return f":{colours.get(value, 'gray')}-badge[{icon} {value}]"
