"""Bills: one month in one currency, as Arrow bytes; once it is closed nobody writes it again."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy import ColumnElement, func, select, update

from domain import frames
from domain.billing import Bill, Check, Proof
from domain.costs import CHARGES, FOUND, GAPS, RECONCILED, SUMS, MonthState
from domain.faults import Outdated
from domain.frames import Columns
from store import rows, snapshots
from store.engine import Session
from store.tables import BillRow

FRAMES: dict[str, Columns] = {
    "charges": CHARGES,
    "sums": SUMS,
    "reconciled": RECONCILED,
    "gaps": GAPS,
    "found": FOUND,
}


@dataclass(frozen=True)
class Head:
    """What is known of a bill without its frames."""

    month: str
    currency: str
    state: MonthState
    generation: int
    made_at: datetime
    closed_at: datetime | None = None
    closed_by: str | None = None
    final_at: datetime | None = None
    final_by: str | None = None
    inputs_hash: str = ""
    digest: str = ""
    """Of the bytes of all its frames and its proof."""

    @property
    def is_open(self) -> bool:
        return self.state is MonthState.OPEN


_HEAD = [getattr(BillRow, name) for name in Head.__dataclass_fields__]
_KEYS = ("month", "currency")


def keep(session: Session, bill: Bill, at: datetime) -> int:
    """Replace the bill of an open month; returns the new generation.

    Raises Outdated when somebody has closed the month meanwhile: its bytes stay as they are.
    """
    packed = {name: frames.packed(getattr(bill, name)) for name in FRAMES}
    proof = _proof_text(bill.proof)
    number = snapshots.advance(session)
    row = {
        "month": bill.month,
        "currency": bill.currency,
        "generation": number,
        "state": str(MonthState.OPEN),
        "inputs_hash": bill.inputs_hash,
        "digest": _digest(packed, proof),
        "proof": proof,
        "cutoff": json.dumps(bill.cutoff, sort_keys=True),
        "made_at": at,
        **packed,
    }
    new = rows.insert(session, BillRow)
    changed = {name: new.excluded[name] for name in row if name not in _KEYS}
    still_open = BillRow.state == str(MonthState.OPEN)
    upsert = new.on_conflict_do_update(index_elements=_KEYS, set_=changed, where=still_open)
    # The counter is locked since advance(): nobody closes the month between this and the write.
    if not _is_open(session, bill.month, bill.currency):
        raise Outdated(f"{bill.month} in {bill.currency} is closed.")
    session.execute(upsert, row)
    return number


def heads(session: Session) -> list[Head]:
    """All bills, the newest month first."""
    newest = select(*_HEAD).order_by(BillRow.month.desc(), BillRow.currency)
    return [_head(row) for row in session.execute(newest)]


def head(session: Session, month: str, currency: str) -> Head | None:
    found = session.execute(select(*_HEAD).where(_of(month, currency))).first()
    return _head(found) if found else None


def kept(
    session: Session, month: str, currency: str, wanted: Collection[str] = tuple(FRAMES)
) -> Bill | None:
    """The whole bill, or with these of its frames alone, the others empty."""
    columns = [getattr(BillRow, name) for name in (*wanted, "proof", "cutoff")]
    found = session.execute(select(*_HEAD, *columns).where(_of(month, currency))).first()
    if found is None:
        return None
    return Bill(
        month=found.month,
        currency=found.currency,
        **{name: _unpacked(getattr(found, name, b""), name) for name in FRAMES},
        proof=_proof(found.proof),
        inputs_hash=found.inputs_hash,
        cutoff=json.loads(found.cutoff),
        state=MonthState(found.state),
        generation=found.generation,
        made_at=found.made_at,
    )


def part(session: Session, month: str, currency: str, name: str) -> pd.DataFrame:
    """One frame of FRAMES of a bill, empty where there is no bill."""
    data = session.scalar(select(getattr(BillRow, name)).where(_of(month, currency)))
    return _unpacked(data, name)


def sums(session: Session, month: str, currency: str) -> pd.DataFrame:
    """Frame SUMS of a bill."""
    return part(session, month, currency, "sums")


def charges(session: Session, month: str, currency: str) -> pd.DataFrame:
    """Frame CHARGES of a bill."""
    return part(session, month, currency, "charges")


def proof(session: Session, month: str, currency: str) -> Proof | None:
    text = session.scalar(select(BillRow.proof).where(_of(month, currency)))
    return _proof(text) if text else None


def cutoff(session: Session, month: str, currency: str) -> dict[str, str]:
    """By subscription the last booked day, as ISO date."""
    text = session.scalar(select(BillRow.cutoff).where(_of(month, currency)))
    found: dict[str, str] = json.loads(text) if text else {}
    return found


def close(session: Session, seen: Head, by: str, at: datetime) -> int:
    """Nothing of it changes any more; returns the new generation. Raises Outdated unless it is
    the open bill that was seen."""
    told = {"state": str(MonthState.CLOSED), "closed_at": at, "closed_by": by}
    return _move(session, seen, MonthState.OPEN, told)


def finalise(session: Session, seen: Head, by: str, at: datetime) -> int:
    """The month is settled; returns the new generation. Raises Outdated unless it is the closed
    bill that was seen."""
    told = {"state": str(MonthState.FINAL), "final_at": at, "final_by": by}
    return _move(session, seen, MonthState.CLOSED, told)


def generation(session: Session) -> int:
    """Grows whenever any bill is made, closed or settled."""
    return session.scalar(select(func.max(BillRow.generation))) or 0


def intact(session: Session, month: str, currency: str) -> bool:
    """Whether the bytes are still those whose digest was kept with them."""
    columns = [getattr(BillRow, name) for name in (*FRAMES, "proof", "digest")]
    found = session.execute(select(*columns).where(_of(month, currency))).one()
    packed = {name: getattr(found, name) for name in FRAMES}
    return bool(found.digest == _digest(packed, found.proof))


def _move(session: Session, seen: Head, state: MonthState, told: dict[str, object]) -> int:
    number = snapshots.advance(session)
    here = _of(seen.month, seen.currency) & (BillRow.state == str(state))
    same = BillRow.generation == seen.generation
    moved = update(BillRow).where(here, same).values(told | {"generation": number})
    if session.execute(moved.returning(BillRow.month)).first() is None:
        raise Outdated(f"The bill of {seen.month} in {seen.currency} has changed since.")
    return number


def _is_open(session: Session, month: str, currency: str) -> bool:
    state = session.scalar(select(BillRow.state).where(_of(month, currency)))
    return state in (None, str(MonthState.OPEN))


def _of(month: str, currency: str) -> ColumnElement[bool]:
    return (BillRow.month == month) & (BillRow.currency == currency)


def _head(row: object) -> Head:
    fields = {name: getattr(row, name) for name in Head.__dataclass_fields__}
    return Head(**fields | {"state": MonthState(fields["state"])})


def _unpacked(data: bytes | None, name: str) -> pd.DataFrame:
    return frames.unpacked(data, FRAMES[name]) if data else frames.frame(FRAMES[name], [])


def _digest(packed: dict[str, bytes], proof: str) -> str:
    whole = hashlib.sha256(proof.encode())
    for name in FRAMES:
        whole.update(hashlib.sha256(packed[name]).digest())
    return whole.hexdigest()


def _proof_text(proof: Proof) -> str:
    return json.dumps(asdict(proof), sort_keys=True, ensure_ascii=False)


def _proof(text: str) -> Proof:
    told = json.loads(text)
    return Proof(**told | {"checks": tuple(Check(**it) for it in told["checks"])})
