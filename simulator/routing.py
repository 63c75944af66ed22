"""A route: which request is which handler, and which api-versions it knows."""

from collections.abc import Callable
from typing import NamedTuple

from simulator.arm import Answer, Call

Handler = Callable[[Call], Answer]


class Route(NamedTuple):
    """A path in lower case (ARM does not mind). What only reads figures needs no lock; what is
    public asks for no token, and for no api-version either; nor does what knows no versions."""

    method: str
    path: str
    handler: Handler
    versions: tuple[str, ...]
    locked: bool = True
    public: bool = False
