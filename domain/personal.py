"""What in a text says who somebody is, where nobody needs to know that to mend something.

A name is seen only where the text gives it away: behind a title, beside a word of saying, or as
that of somebody whom the console knows. Any other name is not seen, and what is seen may be none:
then the text is to be written in other words.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.faults import OutOfRange

NAME = "what reads like a name"
SEEN = (
    "A name is seen behind a title (Ms, Mr, Dr, Frau, Herr), beside a word of saying (X said, "
    "reported by X), and where it is that of somebody whom this console knows. Leave out every "
    "other name too. What is taken for a name and is none can be said in other words."
)
"""What is recognised, for who types."""
OTHERWISE = (": who said it is not kept.", ", or say it in other words.")
"""What to do about a form that is certain, and about one that is not."""
_FORMS = (
    (re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"), "an e-mail address"),
    (re.compile(r"(?<!\w)(?:\+\d|0\d)[\d ()/-]{5,}\d"), "a telephone number"),
)
_WORD = re.compile(r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*")
_TITLES = "Ms Mrs Mr Mister Dr Prof Professor Herr Herrn Frau Mme Madame"
_SAYING = (
    "said says told tells asked asks reported complained mentioned wrote suggested thinks "
    "sagte sagt meinte meint meldete berichtete schrieb fragte"
)
_DONE = (
    "said told asked written reported raised sent mentioned requested noticed "
    "gesagt gemeldet berichtet geschrieben"
)
_BETWEEN = "has had have also then hat auch"
"""What may stand between a name and a word of saying."""
_NOBODY = (
    # who is no single person
    "i we you he she it they who one some many most all few others nobody somebody someone anybody "
    "anyone everybody everyone people person user users customer customers client clients guest "
    "guests caller callers colleague colleagues employee employees tester testers pilot pilots "
    "participant participants member members team teams group department staff support sales "
    "service legal finance marketing management manager managers admin admins agent agents owner "
    "security operations this that these those "
    "ich wir ihr er sie es man alle viele einige manche niemand jemand kunde kundin kunden "
    "nutzer nutzerin benutzer kollege kollegin kollegen mitarbeiter leute abteilung "
    # what is no person
    "answer answers message error bot chatbot assistant copilot model prompt system tool app page "
    "document manual policy button screen text microsoft azure openai foundry outlook sharepoint "
    "word excel google github"
)
TITLES, SAYING, DONE, BETWEEN, NOBODY = (
    frozenset(it.split()) for it in (_TITLES, _SAYING, _DONE, _BETWEEN, _NOBODY)
)


@dataclass(frozen=True)
class Found:
    """What says who somebody is."""

    what: str
    quote: str
    """Where it says so: for the eyes of who types it, never for what is kept, as a refusal is."""


@dataclass(frozen=True)
class Known:
    """Names of people, as texts are searched for them."""

    whole: frozenset[tuple[str, ...]] = frozenset()
    """In lower case, word by word; "Klein, Mira" too."""
    parts: frozenset[str] = frozenset()
    """First and last words as they are written."""


def known(names: Iterable[str]) -> Known:
    """For the names of these people; a name of one word, or of a role, is none."""
    split = [_WORD.findall(it) for it in names]
    full = [it for it in split if len(it) > 1 and it[0][0].isupper() and it[-1][0].isupper()]
    folded = [tuple(word.casefold() for word in it) for it in full]
    ends = {word for it in full for word in (it[0], it[-1]) if len(word) > 2}
    turned = {(*it[1:], it[0]) for it in folded}
    return Known(frozenset({*folded, *turned}), frozenset(it for it in ends if _name(it)))


def found(text: str, those: Known) -> Found | None:
    """The first that says who somebody is, None where nothing does; those: people to look for."""
    for form, what in _FORMS:
        if match := form.search(text):
            return Found(what, match[0])
    words = [(it[0].removesuffix("'s").removesuffix("\u2019s"), it.start(), it.end())
             for it in _WORD.finditer(text)]  # fmt: skip
    for at in range(len(words)):
        if span := _titled(words, at) or _saying(text, words, at) or _of(text, words, at, those):
            return Found(NAME, text[words[span[0]][1] : words[span[1]][2]])
    return None


def require_nobody(text: str, those: Known) -> None:
    """Raise OutOfRange where a text says who somebody is; the words do not say it again."""
    if it := found(text, those):
        raise OutOfRange(f"Leave out {it.what}{OTHERWISE[it.what == NAME]}")


Words = Sequence[tuple[str, int, int]]
Span = tuple[int, int] | None
"""Positions of the first and the last word."""


def _titled(words: Words, at: int) -> Span:
    follows = at + 1 < len(words) and _capital(words[at + 1][0])
    return (at, at + 1) if follows and words[at][0] in TITLES else None


def _saying(text: str, words: Words, at: int) -> Span:
    """A name before "said", or behind "said by" and "according to"."""
    it, before = words[at][0].casefold(), words[at - 1][0].casefold() if at else ""
    if it in SAYING:
        who = at - 2 if before in BETWEEN else at - 1
        return (who, at) if who >= 0 and _name(words[who][0]) and _one(text, words, at) else None
    by = (it in ("by", "von") and before in DONE) or (it, before) == ("to", "according")
    follows = at + 1 < len(words) and _name(words[at + 1][0])
    return (at - 1, at + 1) if by and follows else None


def _of(text: str, words: Words, at: int, those: Known) -> Span:
    """The whole name of somebody known anywhere, a part of it only within a sentence, where a word
    is not written in capitals for its place."""
    folded = tuple(it[0].casefold() for it in words[at : at + 6])
    for many in range(2, len(folded) + 1):
        if folded[:many] in those.whole:
            return at, at + many - 1
    return (at, at) if at and words[at][0] in those.parts and _one(text, words, at) else None


def _one(text: str, words: Words, at: int) -> bool:
    """Whether a word goes on with the sentence of the word before."""
    return not re.search(r"[.!?:;\u201c\u201e\"]", text[words[at - 1][2] : words[at][1]])


def _capital(word: str) -> bool:
    """Written as a name is: GPT is none."""
    return word[0].isupper() and not word.isupper()


def _name(word: str) -> bool:
    return _capital(word) and word.casefold() not in NOBODY
