"""Template: keep what somebody made of a rollout's template, as a version of its own."""

from dataclasses import replace

from actions import rolling
from actions.rolling import LONGEST
from actions.visit import Visit
from domain import template_edits
from domain import templates as shapes
from domain.faults import Outdated, OutOfRange
from domain.roles import Permission
from domain.templates import Template
from store import templates
from store.engine import Session

__all__ = ["LONGEST"]


def keep(visit: Visit, template: Template, *, note: str) -> int:
    """Keep it as the version after the one that it was made from (0 where it is new); returns that.
    What runs keeps its own version. Raises Refused, and Outdated where somebody was quicker."""
    what = f"keep a version of the template {template.key}"
    with visit.attempt(Permission.ROLL, what[:500]) as session:
        rolling.require_reason(note)
        rolling.require_words(note)
        # Through its JSON: what is kept is what will be read.
        it = shapes.parsed(shapes.told(replace(template, note=note.strip())), template.version + 1)
        template_edits.require_kept(it)
        before = _newest(session, it.key)
        if template.version != (before.version if before else 0):
            raise Outdated(f"There is another version of {it.title} meanwhile.")
        if before and not template_edits.differences(before, it):
            raise OutOfRange(f"Nothing differs from version {before.version}.")
        templates.add(session, replace(it, said_by=visit.person.key, at=visit.clock()))
        return it.version


def _newest(session: Session, key: str) -> Template | None:
    return next((it for it in templates.known(session) if it.key == key), None)
