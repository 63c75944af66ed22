"""What Resource Graph says when it says no: its details carry the reason."""

from simulator.faults import ArmError, Json


class QueryError(ArmError):
    """A query that is not understood, in the recorded shape."""

    def __init__(self, code: str, reason: str) -> None:
        words = (
            "Please provide below info when asking for support: timestamp = simulated, "
            "correlationId = simulated."
        )
        super().__init__(400, "BadRequest", words)
        self._detail = {"code": code, "message": reason}

    @property
    def body(self) -> Json:
        inner = {"code": self.code, "message": str(self), "details": [self._detail]}
        return {"error": inner}


def invalid(reason: str) -> QueryError:
    return QueryError("InvalidQuery", f"Query is invalid. {reason}")


def unknown_table(name: str) -> QueryError:
    return QueryError(
        "DisallowedLogicalTableName", f"Table {name} is invalid, unsupported or disallowed."
    )
