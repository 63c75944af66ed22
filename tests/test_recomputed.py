"""An audit of the bill: the last month that is over, as the console made it of what it collected,
and as somebody reckons it who knows nothing of the console, agree to the cent.
"""

import ast
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from werkzeug.test import Client

from domain import bill, frames
from domain.billing import Inputs, Invoice, Rule
from domain.costs import ESTATE_DAYS, Basis
from jobs.biller import Biller
from jobs.collector import Collector
from store import billing, bills, estate_days, invoices, rounds
from tests import recomputed
from tests.recomputed import NOBODY, PLATFORM
from tests.world import CHAT, NOON, SMALL, Clock, Console, console_at

MONTH, ISSUED, BEFORE = "2026-10", datetime(2026, 11, 6, tzinfo=UTC), "2026-09"
E8, CENT = 10**8, 10**6
ENOUGH = 93 - 49
"""Days of history that need not be read: three months are, and the month began 49 days ago."""


class LogReader(Collector):
    """Reads the gateway's log alone: nothing else is due again."""

    topics = ("gateway",)


@dataclass(frozen=True)
class Audit:
    """A console that knows the month, and what the simulator itself says of it."""

    console: Console
    asked: object
    told: dict
    """Reckoned of it, by currency."""

    def inputs(self, currency) -> Inputs:
        of = self.console
        with of.store.reading() as session:
            known = billing.coverage(session, MONTH, of.clock())
            return billing.inputs(session, MONTH, currency, of.clock(), of.tags.unit, known)

    def booked_at(self, at, month, currency) -> Fraction:
        """What Cost Management said of a month at another time."""
        now, self.console.clock.now = self.console.clock.now, at
        days = recomputed._days(month)
        span = f"{days[0]}T00:00:00Z", f"{days[-1]}T23:59:59Z"
        asking = recomputed.Asking(self.console.small)
        rows = [
            it
            for sub in self.asked.world.subscriptions
            for it in asking.costs(sub, span, ("ChargeType", "PricingModel"))
        ]
        self.console.clock.now = now
        return sum(Fraction(it["Cost"]) for it in rows if it["Currency"] == currency)

    def invoice(self, currency):
        """What Microsoft invoices for the month."""
        answer = Client(self.console.small).get(f"/_simulator/invoices?month={MONTH}")
        assert answer.status_code == 200, answer.text
        return next(it for it in answer.json["invoices"] if it["currency"] == currency)


def audited(scenario, folder):
    """A console that has collected everything that the month's bill is made from."""
    console = console_at(f"sqlite:///{folder}/console.db", scenario, clock=Clock(NOON))
    console.collector.run_once()
    console.books.run_once()
    reading = (console.azure, console.store, console.clock, (), "log")
    log = LogReader(*reading, console.settings.workspaces)
    while (left := backlogs(console)).max() > ENOUGH:
        console.clock.move(seconds=2)
        for topics, reader in ((["gateway"], log), (["ledger", "booked"], console.books)):
            if left[topics].max() > ENOUGH:
                reader.run_once()
    asked = recomputed.asked(console.small, MONTH)
    currencies = {it.currency for it in asked.lines}
    return Audit(console, asked, {it: recomputed.recomputed(asked, it) for it in currencies})


def backlogs(console):
    """By topic the days that are still to be read, where anything answers."""
    with console.store.reading() as session:
        told = rounds.listed(session)
    ours = told["topic"].isin(["ledger", "booked", "gateway"]) & told["troubles"].eq(0)
    return told[ours].groupby("topic")["backlog"].max()


def apart(charges, told):
    """Where a bill says something else than it should: by unit and kind of line what is paid and
    what should be, in 1e-8 and in cents. Each line may be off by what cannot be shared, no more."""
    sums = charges.groupby(["unit", "line"]).agg(
        exact=("amount_e8", "sum"), cents=("cents", "sum"), lines=("cents", "size")
    )
    found = {}
    for key in {*sums.index, *told.exact}:
        paid = sums.loc[key].tolist() if key in sums.index else [0, 0, 0]
        should = told.exact.get(key, 0), told.cents.get(key, 0)
        if abs(paid[0] - should[0]) > paid[2] or paid[1] != should[1]:
            found[key] = (*paid[:2], *map(float, should))
    return found


def terms(told):
    """The terms of the identity, in cents: of units, kept, of nobody, unused, adjusted."""
    found = dict.fromkeys(("shares", "kept", "unallocated", "unused", "adjustments"), 0)
    for (unit, line), cents in told.cents.items():
        name = {PLATFORM: "kept", NOBODY: "unallocated"}.get(unit, "shares")
        named = {"unused_reservation": "unused", "adjustment": "adjustments"}
        found[named.get(line, name)] += cents
    return found


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    made = audited("small", tmp_path_factory.mktemp("small"))
    yield made
    made.console.close()


@pytest.fixture(scope="module")
def contoso(tmp_path_factory):
    made = audited("contoso", tmp_path_factory.mktemp("contoso"))
    yield made
    made.console.close()


@pytest.fixture(params=["small EUR", "contoso EUR", "contoso USD"])
def audit(request):
    """An audit and one of the currencies that it is billed in."""
    name, currency = request.param.split()
    return request.getfixturevalue(name), currency


def test_nothing_of_the_console_reckons_the_second_time():
    told = ast.parse(Path(recomputed.__file__).read_text())
    named = {it.module for it in ast.walk(told) if isinstance(it, ast.ImportFrom)}
    named |= {x.name for it in ast.walk(told) if isinstance(it, ast.Import) for x in it.names}
    assert {it.split(".")[0] for it in named} - sys.stdlib_module_names == {"werkzeug"}


def test_who_pays_what_is_the_same_reckoned_twice(audit):
    of, currency = audit
    made, told = bill.made(of.inputs(currency)), of.told[currency]
    assert apart(made.charges, told) == {}
    assert int(made.charges["amount_e8"].sum()) == sum(told.exact.values())
    assert made.proof.holds
    assert terms(told) == {it: getattr(made.proof, it) for it in terms(told)}
    assert sum(terms(told).values()) == made.proof.invoice


def test_what_is_audited_has_something_of_everything(contoso):
    told = contoso.told["EUR"]
    kinds = {line for (_, line), cents in told.cents.items() if cents}
    assert kinds == {
        *("usage", "spillover", "ptu_reserved", "ptu_hourly", "ptu_idle", "unused_reservation"),
        *("shared", "marketplace", "adjustment"),
    }
    assert len({unit for (unit, _), cents in told.cents.items() if cents}) > 8
    assert all(terms(told).values())
    products = {it for seen in contoso.asked.callers.values() for it in seen}
    assert len(products) > 8
    at = contoso.console.clock(), ISSUED
    known, invoiced = (contoso.booked_at(it, MONTH, "EUR") for it in at)
    assert known > invoiced  # something came too late for the invoice


def test_the_month_is_what_microsoft_invoices(audit):
    """The rest is tax, what came too late for the invoice, and less than a cent of rounding."""
    of, currency = audit
    inputs, asked = of.inputs(currency), of.invoice(currency)
    late = of.booked_at(ISSUED, BEFORE, currency)
    late -= of.booked_at(datetime(2026, 10, 6, tzinfo=UTC), BEFORE, currency)
    missed = of.booked_at(of.console.clock(), MONTH, currency)
    booked = sum(it.cost for it in of.asked.lines if it.currency == currency)
    assert missed * E8 == booked
    missed -= of.booked_at(ISSUED, MONTH, currency)
    net, tax = e8(asked["net"]), e8(asked["tax"])
    difference = net - booked
    assert abs(difference - (late - missed) * E8) < CENT

    made = bill.made(replace(inputs, invoices=(Invoice(asked["number"], net, tax),)))
    assert made.proof.holds
    assert made.proof.entered
    assert made.proof.invoice == e8(asked["total"]) // CENT
    entered = made.charges[made.charges["basis"].eq(Basis.ENTERED)]
    rest = "rounding" if abs(difference) < CENT else "invoice difference"
    named = {it: amount for it, amount in (("tax", tax), (rest, difference)) if amount}
    assert dict(zip(entered["cause"], entered["amount_e8"], strict=True)) == named
    assert set(entered["unit"]) == {PLATFORM}
    own = made.charges[made.charges["basis"].ne(Basis.ENTERED)]
    assert {it for it in apart(own, of.told[currency]).values() if off(it)} == set()


def off(four):
    """Whether more than the cents moved, which are dealt of another total now."""
    paid, cents, should, before = four
    return abs(paid - should) > CENT // 10 or abs(cents - before) > 1


def e8(text):
    return int(Decimal(text) * E8)


# --- the audit is worth something: it sees what it should -----------------------------------------


def tagged(inputs):
    """One deployment names another unit than it does."""
    rows = inputs.estate["resource"].str.endswith("/contract-reader")
    assert rows.any()
    tags = inputs.estate["tags"].mask(rows, '{"business-unit": "research-lab"}')
    return replace(inputs, estate=inputs.estate.assign(tags=tags))


def sized(inputs):
    """One provisioned deployment used half as much."""
    rows = inputs.usage["bucket"].eq("ptu_used_hours")
    rows &= inputs.usage["resource"].str.endswith("/supply-ptu")
    assert rows.any()
    halved = inputs.usage["quantity"].mask(rows, inputs.usage["quantity"] / 2)
    return replace(inputs, usage=inputs.usage.assign(quantity=halved))


def confused(inputs):
    """What one product called is another's."""
    product = inputs.usage["product"].replace("risk-review", "supply-planning")
    return replace(inputs, usage=inputs.usage.assign(product=product))


def lost(inputs):
    """One booked line is not there."""
    amortised = inputs.booked[inputs.booked["view"].eq("amortized")]
    return replace(inputs, booked=inputs.booked.drop(index=amortised["cost_e8"].idxmax()))


def mapped(inputs):
    """A rule about idle capacity that nobody agreed on."""
    rules = [it for it in inputs.rules if it.body.get("pool") != "global:"]
    body = {"pool": "global:", "rule": "platform", "entitlements": {}}
    return replace(inputs, rules=(*rules, Rule(99, "idle", body, datetime(2026, 1, 1, tzinfo=UTC))))


def swapped(inputs):
    """Meters that count cached input are taken for those of output."""
    rows = inputs.meters["bucket"].eq("cached") & inputs.meters["model"].eq("gpt-4o")
    assert rows.any()
    bucket = inputs.meters["bucket"].mask(rows, "output")
    return replace(inputs, meters=inputs.meters.assign(bucket=bucket))


@pytest.mark.parametrize("mistake", [tagged, sized, confused, lost, mapped, swapped])
def test_a_mistake_is_seen(contoso, mistake):
    made = bill.made(mistake(contoso.inputs("EUR")))
    assert made.proof.holds  # all adds up; it is only not right
    assert apart(made.charges, contoso.told["EUR"])


def test_a_tag_that_is_wrong_in_the_store_is_seen_in_the_bill(small):
    """The biller's own bill, read back from the store."""
    of, told = small.console, small.told["EUR"]
    Biller(of.store, of.clock, of.tags).run_once()
    with of.store.reading() as session:
        kept = bills.kept(session, MONTH, "EUR")
        first = datetime(2026, 10, 1, tzinfo=UTC)
        rows = estate_days.between(session, first, first + timedelta(days=31), [SMALL])
    assert apart(kept.charges, told) == {}
    assert kept.proof.holds
    was = rows[rows["resource"].eq(CHAT)]
    assert "retail-online" in was["tags"].iloc[0]
    with of.store.begin() as session:
        wrong = was.assign(tags='{"business-unit": "finance-risk"}')
        estate_days.keep(session, frames.fitted(wrong, ESTATE_DAYS))
        asked = small.invoice("EUR")
        told_now = Invoice(asked["number"], e8(asked["net"]), e8(asked["tax"]))
        invoices.keep(session, MONTH, "EUR", [told_now], "ada", of.clock())
    Biller(of.store, of.clock, of.tags).run_once()
    with of.store.reading() as session:
        after = bills.kept(session, MONTH, "EUR")
    assert after.proof.holds
    assert after.proof.invoice == e8(asked["total"]) // CENT
    assert ("finance-risk", "usage") in apart(after.charges, told)
