"""From an open month to a settled one: what stands in the way, waivers, invoices, close, settle."""

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from actions import close, invoice, obstacles, waive
from actions.visit import Visit
from domain import closing, reconciliation
from domain.billing import Invoice
from domain.cents import of_each, rounded
from domain.costs import MonthState
from domain.roles import Permission, require
from domain.uploads import invoice_lines
from ui import costs, data, door, drafts, faults, session
from ui.components import cost_columns, numbers, tables
from ui.costs import View
from ui.data import bills
from ui.faults import escaped

CLOSE, FINALISE, WAIVE, ENTER, PASTE, REMOVE = (
    "close-month", "finalise-month", "waive", "enter-invoice", "paste-invoices", "remove-invoice",
)  # fmt: skip
LONGEST = 300


def buttons(visit: Visit, view: View) -> None:
    """What an admin can do with this month next."""
    if view.head is None or not visit.may(Permission.CLOSE):
        return
    month, state = costs.named(view.month), view.head.state
    offered = [
        (CLOSE, f"Close {month}", ":material/lock:", state is MonthState.OPEN),
        (FINALISE, f"Settle {month}", ":material/verified:", state is MonthState.CLOSED),
        (WAIVE, "Answer for a difference", ":material/edit_note:", state is MonthState.OPEN),
        (ENTER, "Enter an invoice", ":material/receipt_long:", state is not MonthState.FINAL),
        (PASTE, "Paste invoices", ":material/content_paste:", state is not MonthState.FINAL),
        (REMOVE, "Remove an invoice", ":material/delete:", state is not MonthState.FINAL),
    ]
    with st.container(horizontal=True):
        for draft, label, icon, there in offered:
            if there and st.button(label, key=f"open-{draft}", icon=icon):
                drafts.begin(draft, (view.month, view.currency, view.head.generation))


def hindrances(visit: Visit, view: View) -> None:
    """Everything that keeps the month open."""
    if view.head is None or not view.head.is_open or not visit.may(Permission.CLOSE):
        return
    with visit.store.reading() as reading:
        why = obstacles.of(visit, reading, view.head)
    if not why:
        st.success("Nothing stands in the way of closing it.", icon=":material/check_circle:")
        return
    st.markdown("\n".join(f"- {escaped(it)}" for it in why))


def causes(view: View) -> None:
    """Estimate against booking by cause, with who answers for it."""
    if view.head is None:
        return
    _, waived = bills.entered(view.head)
    rows = reconciliation.sums(bills.book(view.head).reconciled)
    if rows.empty:
        st.caption("No difference between what was estimated and what was booked.")
        return
    told = waived.set_index("cause")
    people = data.people()
    who = rows["cause"].map(told["said_by"]).map(lambda it: people.get(it, it), na_action="ignore")
    rows = rows.assign(
        cause_words=_caused(rows["cause"]),
        amount=_cents(rows["amount_e8"]),
        booked=_cents(rows["booked_e8"]),
        waived=_cents(rows["cause"].map(told["amount_e8"])),
        waived_by=who.astype("string"),
        reason=rows["cause"].map(told["reason"]).astype("string"),
    )
    tables.show(rows, cost_columns.by_cause(view.currency), "by-cause", most=8,
                alt="Differences between estimate and booking by cause")  # fmt: skip


def outside(view: View) -> None:
    """The rows outside the tolerance."""
    if view.head is None:
        return
    known = bills.book(view.head).reconciled
    rows = known[~known["within"].fillna(False).astype(bool)].reset_index(drop=True)
    if rows.empty:
        st.caption("None.")
        return
    rows = rows.assign(
        name=rows["resource"].fillna("").map(costs.resource_name).astype("string"),
        estimated=_cents(rows["estimated_e8"]),
        booked=_cents(rows["booked_e8"]),
        difference=_cents(rows["difference_e8"]),
        cause_words=_caused(rows["cause"]),
    )
    tables.show(rows, cost_columns.reconciled(view.currency), "outside", most=8,
                alt="Rows outside the tolerance")  # fmt: skip
    st.caption(f"{numbers.counted(len(rows), 'row')} outside 2 % and 10 {view.currency}")


def invoices(view: View) -> None:
    """What was entered for this month."""
    if view.head is None:
        return
    known, _ = bills.entered(view.head)
    if not known:
        st.caption("None entered: the proof is held against what is booked and estimated.")
        return
    tables.show(_invoices(known), cost_columns.invoices(view.currency), "invoices", most=6,
                alt="Invoices of this month")  # fmt: skip


def dialogs(page: str) -> None:
    """Draw the dialog that is open."""
    bodies: dict[str, tuple[str, Callable[..., None]]] = {
        CLOSE: ("Close {}?", _close),
        FINALISE: ("Settle {}?", _finalise),
        WAIVE: ("Answer for a difference of {}", _waive),
        ENTER: ("Enter an invoice of {}", _enter),
        PASTE: ("Paste invoices", _paste),
        REMOVE: ("Remove an invoice of {}", _remove),
    }
    for draft, (title, body) in bodies.items():
        if about := drafts.begun(draft):
            named = title.format(f"{costs.named(about[0])} in {about[1]}")
            _dialog(draft, named, body, page, *about)
            return


def _dialog(draft: str, title: str, body: Callable[..., None], *about: object) -> None:
    def shown() -> None:
        with faults.shown():  # what it shows is of every unit, so it asks before the verb does
            require(door.admit(str(about[0])).person, Permission.CLOSE)
            body(*about)

    st.dialog(title, width="medium", on_dismiss=drafts.dropper(draft))(shown)()


def _close(page: str, month: str, currency: str, generation: int) -> None:
    visit, head = door.admit(page), bills.head(month, currency)
    st.markdown(
        "Its bill stands from then on: no price, rule or mapping changes it any more. What is "
        "booked late becomes an adjustment of the open month. It cannot be opened again."
    )
    why: list[str] = []
    if head is not None and head.is_open and visit.may(Permission.CLOSE):
        with visit.store.reading() as reading:
            why = obstacles.of(visit, reading, head)
        if why:
            st.warning("  \n".join(escaped(it) for it in why), icon=":material/block:")
    label = f"Close {costs.named(month)}"
    if st.button(label, type="primary", key="close-confirm", disabled=bool(why)):
        close.month(visit, month, currency, generation=generation)
        _done(CLOSE, f"{costs.named(month)} in {currency} is closed.")


def _finalise(page: str, month: str, currency: str, generation: int) -> None:
    visit = door.admit(page)
    st.markdown("It is settled with its invoice, by somebody else than who closed it. After that "
                "no invoice of it can be entered or removed.")  # fmt: skip
    if st.button(f"Settle {costs.named(month)}", type="primary", key="finalise-confirm"):
        close.finalise(visit, month, currency, generation=generation)
        _done(FINALISE, f"{costs.named(month)} in {currency} is settled.")


def _waive(page: str, month: str, currency: str, _generation: int) -> None:
    visit = door.admit(page)
    amounts = _differences(month, currency)
    if not amounts:
        st.caption("Nothing differs beyond the tolerance.")
        return
    words = {it: f"{closing.CAUSES[it]}: {numbers.money(rounded(amount), currency)}"
             for it, amount in amounts.items()}  # fmt: skip
    cause = st.selectbox("Difference", list(words), index=None, key="waive-cause",
                         format_func=lambda it: words.get(it, it))  # fmt: skip
    reason = str(st.text_input("Why it may stand", key="waive-reason", max_chars=LONGEST))
    st.caption("Your name stands beside it. What it makes more later is not waived.")
    ready = cause and reason.strip()
    if (
        st.button("Answer for it", type="primary", key="waive-confirm", disabled=not ready)
        and cause
    ):
        waive.difference(visit, month, currency, cause, reason)
        _done(WAIVE, "The difference is answered for.")


def _enter(page: str, month: str, currency: str, _generation: int) -> None:
    visit = door.admit(page)
    number = str(st.text_input("Number of the invoice", key="invoice-number", max_chars=100))
    first, second, third = st.columns(3)
    amount = str(first.text_input(f"Amount ({currency})", key="invoice-amount"))
    tax = str(second.text_input("Of it tax", "0", key="invoice-tax"))
    credit = str(third.text_input("Credit, negative", "0", key="invoice-credit"))
    ready = number.strip() and amount.strip()
    if st.button("Enter the invoice", type="primary", key="invoice-confirm", disabled=not ready):
        invoice.enter(visit, month, currency, number, amount, tax=tax, credit=credit)
        _done(ENTER, "The invoice is entered; the bill is held against it in its next making.")


def _paste(page: str, _month: str, _currency: str, _generation: int) -> None:
    visit = door.admit(page)
    st.caption("The text of a CSV file with the columns month, currency, number, amount and, where "
               "there are any, tax and credit.")  # fmt: skip
    text = str(st.text_area("CSV", key="paste-text", height=180, max_chars=100_000))
    read = invoice_lines(text)
    if text.strip() and read.wrong:
        st.warning("  \n".join(escaped(it) for it in read.wrong[:10]), icon=":material/block:")
    many = numbers.counted(len(read.lines), "invoice")
    ready = text.strip() and read.lines and not read.wrong
    if st.button(f"Enter {many}", type="primary", key="paste-confirm", disabled=not ready):
        for it in read.lines:
            invoice.enter(visit, it.month, it.currency, it.number, _text(it.amount_e8),
                          tax=_text(it.tax_e8), credit=_text(it.credit_e8))  # fmt: skip
        _done(PASTE, f"{many} entered.")


def _remove(page: str, month: str, currency: str, _generation: int) -> None:
    visit, head = door.admit(page), bills.head(month, currency)
    known = bills.entered(head)[0] if head else ()
    number = st.selectbox("Invoice", [it.number for it in known], index=None, key="remove-number")
    if st.button("Remove it", type="primary", key="remove-confirm", disabled=not number) and number:
        invoice.remove(visit, month, currency, number)
        _done(REMOVE, "The invoice is removed.")


def _differences(month: str, currency: str) -> dict[str, int]:
    head = bills.head(month, currency)
    if head is None:
        return {}
    return closing.unanswered(bills.book(head), closing.amounts(bills.entered(head)[1]))


def _done(draft: str, words: str) -> None:
    drafts.drop(draft)
    drafts.say(words)
    st.rerun()


def _invoices(known: Sequence[Invoice]) -> pd.DataFrame:
    names = ("amount", "tax", "credit")
    rows = [{"number": it.number} | {name: rounded(getattr(it, f"{name}_e8")) for name in names}
            for it in known]  # fmt: skip
    return pd.DataFrame(rows)


def _text(amount_e8: int) -> str:
    sign, whole = "-" if amount_e8 < 0 else "", abs(amount_e8)
    return f"{sign}{whole // 100_000_000}.{whole % 100_000_000:08d}"


def _caused(causes: "pd.Series[str]") -> "pd.Series[str]":
    return causes.map(lambda it: closing.CAUSES.get(it, it)).astype("string")


def _cents(amounts: "pd.Series[int]") -> "pd.Series[int]":
    """Whole cents of 1e-8, for what is no part of the bill's own."""
    return of_each(amounts.astype("Int64"))


def months(current: str) -> pd.DataFrame:
    """Table MONTHS: every bill, with what the visitor may see of its cost."""
    people, tree = data.people(), session.tree()
    units = session.person().scope(tree)
    rows = []
    for it in bills.heads():
        book = bills.book(it)
        sums = book.sums if units is None else book.sums[book.sums["unit"].isin(units)]
        rows.append({
            "month": it.month, "currency": it.currency, "state": str(it.state),
            "total": int(sums["cents"].sum()), "adds_up": bool(book.proof and book.proof.holds),
            "made_at": it.made_at, "closed_at": it.closed_at, "final_at": it.final_at,
            "closed_by": people.get(it.closed_by or "", it.closed_by),
            "final_by": people.get(it.final_by or "", it.final_by),
            "key": f"{it.month} {it.currency} {it.generation} {current}",
        })  # fmt: skip
    frame = pd.DataFrame(rows)
    times = {it: pd.to_datetime(frame[it], utc=True) for it in ("made_at", "closed_at", "final_at")}
    return frame.assign(**times).astype({"closed_by": "string", "final_by": "string"})
