"""A query as a tree: statements, operators one after the other, expressions."""

from dataclasses import dataclass
from typing import Any

from simulator.kusto.faults import Unreadable
from simulator.kusto.lexer import END, LITERAL, MARK, NAME, Token, tokens

COMPARISONS = (
    *("==", "!=", "<", "<=", ">", ">=", "=~", "!~", "in", "!in", "in~", "!in~"),
    *("contains", "!contains", "startswith", "!startswith", "endswith", "!endswith"),
)
KINDS = ("inner", "leftouter")


@dataclass(frozen=True)
class Literal:
    value: Any
    type: str


@dataclass(frozen=True)
class Name:
    name: str


@dataclass(frozen=True)
class Applied:
    """A function, or an operator, of these."""

    name: str
    of: tuple["Expression", ...]


Expression = Literal | Name | Applied


@dataclass(frozen=True)
class Named:
    """An expression and what it is to be called; "" where the query does not say."""

    name: str
    of: Expression


@dataclass(frozen=True)
class Step:
    """One operator of a pipe."""

    operator: str
    these: tuple[Named, ...] = ()
    by: tuple[Named, ...] = ()
    kind: str = ""
    other: "Pipe | None" = None
    count: Expression | None = None
    rising: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Pipe:
    source: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Query:
    lets: tuple[tuple[str, "Pipe | Expression"], ...]
    pipe: Pipe


def parsed(query: str) -> Query:
    """Raises Unreadable."""
    return _Reader(query).query()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.all, self.at = text, tokens(text), 0

    @property
    def now(self) -> Token:
        return self.all[self.at]

    def wrong(self) -> Unreadable:
        return Unreadable(self.now.text or "<end>", self.text, self.now.at)

    def took(self, *texts: str) -> Token | None:
        token = self.now
        if token.kind in (NAME, MARK) and token.text in texts:
            self.at += 1
            return token
        return None

    def need(self, *texts: str) -> Token:
        if (token := self.took(*texts)) is None:
            raise self.wrong()
        return token

    def name(self) -> str:
        if self.now.kind != NAME:
            raise self.wrong()
        self.at += 1
        return self.all[self.at - 1].text

    def query(self) -> Query:
        lets = list[tuple[str, Pipe | Expression]]()
        while self.took("let"):
            name = self.name()
            self.need("=")
            lets.append((name, self.said()))
            self.need(";")
        pipe = self.pipe()
        self.took(";")
        if self.now.kind != END:
            raise self.wrong()
        return Query(tuple(lets), pipe)

    def said(self) -> Pipe | Expression:
        """What a let names: a table with its operators, or a value."""
        start = self.at
        found = self.expression()
        if self.now.text == "|" and isinstance(found, Name):
            self.at = start
            return self.pipe()
        return found

    def pipe(self) -> Pipe:
        if self.took("("):
            pipe = self.pipe()
            self.need(")")
            return pipe
        source, steps = self.name(), list[Step]()
        while self.took("|"):
            steps.append(self.step())
        return Pipe(source, tuple(steps))

    def step(self) -> Step:
        at, word = self.at, self.name()
        match word:
            case "where" | "filter":
                return Step("where", (Named("", self.expression()),))
            case "extend" | "project" | "project-away" | "distinct":
                return Step(word, self.named())
            case "summarize":
                these = () if self.now.text == "by" else self.named()
                return Step(word, these, self.named() if self.took("by") else ())
            case "join":
                return self.join()
            case "count":
                return Step("count")
            case "take" | "limit":
                return Step("take", count=self.sum())
            case "top":
                count = self.sum()
                self.need("by")
                return self.ordered("top", count)
            case "order" | "sort":
                self.need("by")
                return self.ordered("order")
        self.at = at
        raise self.wrong()

    def ordered(self, operator: str, count: Expression | None = None) -> Step:
        these, rising = list[Named](), list[bool]()
        while True:
            these.append(Named("", self.expression()))
            way = self.took("asc", "desc")
            rising.append(way is not None and way.text == "asc")
            if not self.took(","):
                return Step(operator, tuple(these), count=count, rising=tuple(rising))

    def join(self) -> Step:
        self.need("kind")
        self.need("=")
        kind = self.need(*KINDS).text
        self.need("(")
        other = self.pipe()
        self.need(")")
        self.need("on")
        return Step("join", self.keys(), kind=kind, other=other)

    def keys(self) -> tuple[Named, ...]:
        """Columns of the left, each named after its fellow of the right."""
        found = list[Named]()
        while not found or self.took(","):
            if self.took("$left"):
                self.need(".")
                left = self.name()
                for text in ("==", "$right", "."):
                    self.need(text)
                found.append(Named(self.name(), Name(left)))
            else:
                both = self.name()
                found.append(Named(both, Name(both)))
        return tuple(found)

    def named(self) -> tuple[Named, ...]:
        found = list[Named]()
        while not found or self.took(","):
            after = self.all[self.at + 1].text if self.now.kind == NAME else ""
            name = ""
            if after == "=":
                name = self.name()
                self.need("=")
            found.append(Named(name, self.expression()))
        return tuple(found)

    def expression(self) -> Expression:
        found = self.conjunction()
        while self.took("or"):
            found = Applied("or", (found, self.conjunction()))
        return found

    def conjunction(self) -> Expression:
        found = self.comparison()
        while self.took("and"):
            found = Applied("and", (found, self.comparison()))
        return found

    def comparison(self) -> Expression:
        found = self.sum()
        if self.took("between"):
            self.need("(")
            first = self.sum()
            self.need("..")
            last = self.sum()
            self.need(")")
            return Applied("and", (Applied(">=", (found, first)), Applied("<=", (found, last))))
        if (token := self.took(*COMPARISONS)) is None:
            return found
        if token.text.strip("!~") == "in":
            return Applied(token.text, (found, *self.arguments()))
        return Applied(token.text, (found, self.sum()))

    def sum(self) -> Expression:
        found = self.product()
        while token := self.took("+", "-"):
            found = Applied(token.text, (found, self.product()))
        return found

    def product(self) -> Expression:
        found = self.unary()
        while token := self.took("*", "/", "%"):
            found = Applied(token.text, (found, self.unary()))
        return found

    def unary(self) -> Expression:
        if self.took("-"):
            return Applied("-", (Literal(0, "long"), self.unary()))
        found = self.primary()
        while True:
            if self.took("["):
                found = Applied("[]", (found, self.expression()))
                self.need("]")
            elif self.took("."):
                found = Applied("[]", (found, Literal(self.name(), "string")))
            else:
                return found

    def primary(self) -> Expression:
        token = self.now
        if token.kind == LITERAL:
            self.at += 1
            return Literal(token.value, token.type)
        if self.took("("):
            found = self.expression()
            self.need(")")
            return found
        name = self.name()
        return Applied(name, self.arguments()) if self.now.text == "(" else Name(name)

    def arguments(self) -> tuple[Expression, ...]:
        self.need("(")
        found = list[Expression]()
        while not self.took(")"):
            if found:
                self.need(",")
            found.append(self.expression())
        return tuple(found)
