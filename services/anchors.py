"""The audit trail's anchors: a file outside the database, a line of JSON each, only appended to."""

import json
import os
from datetime import datetime
from pathlib import Path

from domain.chain import Anchor
from domain.faults import Adrift


class Anchors:
    """The file at this path; without a path nothing is anchored."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def kept(self) -> list[Anchor]:
        """In the order of writing. Raises Adrift when the file can't be read, or is not as it was
        written; a file that is not there yet has none."""
        if self.path is None or not self.path.exists():
            return []
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
            return [_read(it) for it in lines]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Adrift("The anchors of the audit trail can't be read.") from error

    def keep(self, anchor: Anchor) -> None:
        """Append this one, and wait until the disk has it. Raises Adrift."""
        if self.path is None:
            return
        told = {"at": anchor.at.isoformat(), "number": anchor.number, "seal": anchor.seal}
        try:
            with self.path.open("a", encoding="utf-8") as out:
                out.write(json.dumps(told) + "\n")
                out.flush()
                os.fsync(out.fileno())
        except OSError as error:
            raise Adrift("An anchor of the audit trail can't be written.") from error


def _read(line: str) -> Anchor:
    told = json.loads(line)
    return Anchor(datetime.fromisoformat(told["at"]), int(told["number"]), str(told["seal"]))
