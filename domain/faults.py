"""Everything the console can refuse or fail at, in words that a person can act on.

* Fault
  x Refused          we said no
    + NotAllowed       the person lacks the role or the scope
    + OutOfRange       the value cannot be
    + Outdated         what the person saw has changed since
    + ReadOnly         this console may not change Azure
  x Rejected         Azure said no, and would say so again
    + Forbidden
    + SignInNeeded
    + NotFound
    + OverQuota
    + NoSupply         the pool has room, the region has no machines
    + Retired          the model is on its way out
    + Unsupported      model, SKU, region and properties do not go together
    + NotEntitled      the subscription may not have this model
    + Barred           a policy, a lock, the state of the subscription
    + SoftDeleted      an account of that name is deleted and not yet purged
    + InUse            others still name what is to go
  x Unavailable      Azure said nothing useful; it may pass
    + Throttled
    + Busy
    + Unreachable
    + Unintelligible   an answer that is not what the interface promises
    + Partial          a part of the answer, which was not taken
    + Late             not answered, or not even asked, before the deadline
  x StoreDown        our own database does not answer
  x Untold           mail or a webhook did not take a message
  x Adrift           the file with the audit trail's anchors can't be read or written
"""


class Fault(Exception):
    """A failure with a sentence for the visitor and, where there is one, a next step."""

    hint = ""
    pause_s: float | None = None
    """The seconds that Azure asked to wait, where it did."""

    @property
    def words(self) -> str:
        """The sentence and the next step; never anything that Azure or a driver wrote."""
        return f"{super().__str__()} {self.hint}".strip()

    def __str__(self) -> str:
        return self.words


class Refused(Fault): ...


class NotAllowed(Refused):
    hint = "Ask an administrator for the role."


class OutOfRange(Refused): ...


class Outdated(Refused):
    hint = "Look at it again, then decide."


class ReadOnly(Refused):
    hint = "Set CONSOLE_AZURE__WRITES to let it change Azure."


class Rejected(Fault):
    hint = "Azure rejects it."


class Forbidden(Rejected):
    hint = "Azure does not allow it: the console's identity lacks a role on this scope."


class SignInNeeded(Rejected):
    hint = "Azure does not know who is asking: the console's credential gave no valid token."


class NotFound(Rejected):
    hint = "Azure does not know it."


class OverQuota(Rejected):
    hint = "Its quota pool has no room: free capacity there, or ask for more quota."


class NoSupply(Rejected):
    hint = "The region has no capacity left for it: try another region, or try again later."


class Retired(Rejected):
    hint = "Azure no longer takes this model version: choose a newer one."


class Unsupported(Rejected):
    hint = (
        "Azure does not offer this combination: look at model, version, SKU, region, capacity and "
        "filter policy."
    )


class NotEntitled(Rejected):
    hint = "The subscription has no access to this model or SKU: apply for it with Microsoft."


class Barred(Rejected):
    hint = (
        "A policy, a lock or the state of the subscription forbids it: ask the subscription's "
        "owner."
    )


class SoftDeleted(Rejected):
    hint = "An account of that name is deleted and still held: restore it or purge it first."


class InUse(Rejected):
    hint = "A deployment or a filter policy still names it: change that first."


class Unavailable(Fault): ...


class Throttled(Unavailable):
    hint = "Azure was asked too often and wants a pause."


class Busy(Unavailable):
    hint = "Another change of the same account is running in Azure, or came in between."


class Unreachable(Unavailable):
    hint = "Azure gave no answer."


class Unintelligible(Unavailable):
    hint = (
        "The answer was not what Azure promises; something between here and Azure may have sent it."
    )


class Partial(Unavailable):
    hint = "Azure gave a part of the answer only, so none of it was taken."


class Late(Unavailable):
    hint = "There was no answer in time."


class StoreDown(Fault):
    hint = "Nothing was saved."


class Untold(Fault): ...


class Adrift(Fault):
    hint = "See the setting CONSOLE_AUDIT__ANCHORS, and whether its disk is there and has room."


def by_name(name: str) -> type[Fault]:
    """The class of this name, Fault itself for a name that is not ours."""
    waiting = [Fault]
    while waiting:
        kind = waiting.pop()
        if kind.__name__ == name:
            return kind
        waiting += kind.__subclasses__()
    return Fault
