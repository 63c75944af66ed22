"""Words of rollouts with a colour and an icon each: states, stages, verdicts, severities."""

from collections.abc import Mapping

STATES = {
    "draft": "gray",
    "ready": "blue",
    "in progress": "blue",
    "paused": "orange",
    "completed": "green",
    "aborted": "red",
    "rolled back": "red",
}
STAGES = {
    "not started": "gray",
    "active": "blue",
    "baking": "blue",
    "awaiting approval": "violet",
    "passed": "green",
    "skipped": "orange",
    "failed": "red",
    "rolled back": "red",
}
VERDICTS = {"pass": "green", "inconclusive": "orange", "error": "orange", "fail": "red"}
SEVERITIES = {"blocking": "red", "advisory": "blue", "observed only": "gray"}
ICONS = {
    "draft": "edit_note",
    "ready": "flag",
    "in progress": "progress_activity",
    "paused": "pause_circle",
    "completed": "check_circle",
    "aborted": "cancel",
    "rolled back": "undo",
    "not started": "radio_button_unchecked",
    "active": "progress_activity",
    "baking": "hourglass_top",
    "awaiting approval": "how_to_reg",
    "passed": "check_circle",
    "skipped": "warning",
    "failed": "cancel",
    "pass": "check_circle",
    "inconclusive": "help",
    "error": "error",
    "fail": "cancel",
    "worked": "check_circle",
    "too slow": "timer_off",
}
DRILLS = {"worked": "green", "too slow": "orange", "failed": "red"}


def badge(value: str, colours: Mapping[str, str]) -> str:
    """Markdown of a badge: icon and word; value is one of ours."""
    icon = ICONS.get(value, "radio_button_unchecked")
    return f":{colours.get(value, 'gray')}-badge[:material/{icon}: {value}]"
