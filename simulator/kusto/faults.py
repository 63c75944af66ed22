"""What is wrong with a query: where it cannot be read, or what it means nothing by."""


class QueryFault(Exception):
    """A query that cannot be answered."""


class Unreadable(QueryFault):
    """Not KQL at this place, or none that is simulated."""

    def __init__(self, token: str, query: str, at: int) -> None:
        self.token = token
        self.line = query.count("\n", 0, at) + 1
        self.column = at - query.rfind("\n", 0, at) - 1
        where = f"line [{self.line},{self.column}]"
        super().__init__(f"Query could not be parsed at '{token}' on {where}")


class Meaningless(QueryFault):
    """KQL, but about columns, functions or kinds that are not there."""


def unresolved(name: str, operator: str) -> Meaningless:
    return Meaningless(
        f"'{operator}' operator: Failed to resolve column or scalar expression named '{name}'"
    )
