"""What meters are called: as inconsistently as the real list, so that nobody parses it."""

import re

from simulator import chance

STYLES: tuple[dict[str, str], ...] = (
    {
        "input": "Inp",
        "cached": "cached Inp",
        "output": "Outp",
        "global": "glbl",
        "datazone": "DZ",
        "regional": "regnl",
        "tail": " Tokens",
    },
    {
        "input": "Inp",
        "cached": "cchd Inp",
        "output": "Outp",
        "global": "glbl",
        "datazone": "Dz",
        "regional": "regnl",
        "joint": "-",
        "tail": "",
    },
    {
        "input": "Input",
        "cached": "cached Input",
        "output": "Output",
        "global": "global",
        "datazone": "Data Zone",
        "regional": "regional",
        "tail": " Tokens",
    },
    {
        "input": "Inpt",
        "cached": "cchd Inpt",
        "output": "Outp",
        "global": "Glbl",
        "datazone": "DZone",
        "regional": "regnl",
        "upper": "yes",
        "tail": " 1M Tokens",
    },
    {
        "input": "inp",
        "cached": "cd inp",
        "output": "opt",
        "global": "Gl",
        "datazone": "DZ",
        "regional": "regnl",
        "bare": "yes",
        "tail": " 1M Tokens",
    },
)
TIERS = {"standard": "", "batch": "Batch", "priority": "pp", "flex": "Flex"}
DATED = re.compile(r"20\d\d-(\d\d)-(\d\d)$")


def sku_name(
    model: str, version: str, bucket: str, scope: str, tier: str, *, millions: bool
) -> str:
    """The SKU's name, from which most meters have theirs: 'gpt 4o 1120 Inp glbl'."""
    style = _style(model, millions)
    parts = [
        _spelled(model, version, style),
        TIERS[tier],
        style.get(bucket, bucket),
        style[scope],
    ]
    words = " ".join(it for it in parts if it)
    return words.replace(" ", style["joint"]) if "joint" in style else words


def meter_name(model: str, sku: str, *, millions: bool) -> str:
    """A meter's name: usually its SKU's with ' Tokens' behind it."""
    return sku + _style(model, millions)["tail"]


def _style(model: str, millions: bool) -> dict[str, str]:
    """Those counted in millions say so in their names; one model keeps one style."""
    number = chance.number("style", model)
    return STYLES[3 + number % 2] if millions else STYLES[number % 3]


def _spelled(model: str, version: str, style: dict[str, str]) -> str:
    dated = DATED.search(version)
    day = dated[1] + dated[2] if dated and model == "gpt-4o" else ""
    if "bare" in style:
        return model.removeprefix("gpt-").replace("-", " ")
    if "joint" in style:
        return f"{model}-{day}" if day else model
    words = f"{model.replace('-', ' ')} {day}".strip()
    return (
        " ".join(it.upper() if it == "gpt" else it.title() for it in words.split())
        if ("upper" in style)
        else words
    )
