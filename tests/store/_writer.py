"""Appends to the trail and says each number once it is acknowledged, until it is killed."""

import sys
from datetime import UTC, datetime

from store import audit
from store.engine import opened

if __name__ == "__main__":
    store = opened(sys.argv[1])
    while True:
        with store.begin() as session:
            number = audit.add(session, datetime(2026, 1, 5, tzinfo=UTC), "w", "wrote", "done")
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
