"""What Log Analytics says when it says no: the reason is in an inner error of the inner error."""

from simulator import chance
from simulator.faults import ArmError, Json
from simulator.kusto.faults import QueryFault, Unreadable

MOST_RECORDS = 500_000


class LogsError(ArmError):
    """A refusal in the envelope of this API."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        inner: Json | None = None,
        *,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(status, code, message, headers=headers)
        self._inner = inner

    @property
    def body(self) -> Json:
        error = {"message": str(self), "code": self.code}
        error["correlationId"] = chance.guid("logs", self.code, str(self))
        return {"error": error | ({"innererror": self._inner} if self._inner else {})}


def no_workspace() -> LogsError:
    return LogsError(404, "PathNotFoundError", "The requested path does not exist")


def no_access() -> LogsError:
    words = "The provided credentials have insufficient access to perform the requested operation"
    return LogsError(403, "InsufficientAccessError", words)


def bad(words: str) -> LogsError:
    inner = {"code": "BadRequest", "message": words}
    return LogsError(400, "BadArgumentError", "The request had some invalid properties", inner)


def refused(fault: QueryFault) -> LogsError:
    """A query that cannot be read, or that means nothing."""
    inner: Json
    if isinstance(fault, Unreadable):
        inner = {"code": "SyntaxError", "message": "A recognition error occurred in the query."}
        reason: Json = {"code": "SYN0002", "message": str(fault), "line": fault.line}
        inner["innererror"] = reason | {"pos": fault.column, "token": fault.token}
    else:
        inner = {"code": "SemanticError", "message": "A semantic error occurred."}
        inner["innererror"] = {"code": "SEM0100", "message": str(fault)}
    return LogsError(400, "BadArgumentError", "The request had some invalid properties", inner)


def in_part(body: Json) -> Json:
    """The same answer with half of its rows."""
    tables = [it | {"rows": it["rows"][: len(it["rows"]) // 2]} for it in body["tables"]]
    return body | {"tables": tables, "error": too_many()}


def too_many() -> Json:
    """The error beside tables that hold the first records only."""
    words = f"The results of this query exceed the set limit of {MOST_RECORDS} records."
    inner = {"code": "-2133196797", "message": words, "severity": 2}
    inner["severityName"] = "Error"
    return {"code": "PartialError", "message": "There were some errors.", "details": [inner]}
