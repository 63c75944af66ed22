"""The switches of this Azure that control may turn while it runs."""

from dataclasses import asdict, dataclass, fields

from simulator.faults import ArmError, Json

WORDS = {"quota_wording": ("current", "older"), "ptu_supply": ("plenty", "scarce")}


@dataclass(slots=True)
class Settings:
    """How this Azure behaves; kept with the world."""

    latency_ms: float = 0.0
    throttling: bool = False
    honour_if_match: bool = False
    page_size: int = 100
    page_everything: bool = False
    async_writes: bool = False
    write_seconds: float = 20.0
    quota_wording: str = "current"
    activity_delay_s: float = 180.0
    usages_lag_s: float = 0.0
    ptu_supply: str = "plenty"
    reservations_hidden: bool = False

    def change(self, values: Json) -> None:
        """Take these settings. Raises 400 for an unknown name or a value of the wrong kind."""
        for name, value in values.items():
            setattr(self, name, _fitting(name, value))

    def as_json(self) -> Json:
        return asdict(self)


def _fitting(name: str, value: object) -> object:
    kinds = {field.name: field.type for field in fields(Settings)}
    if name not in kinds:
        raise ArmError(400, "BadOrder", f"There is no setting '{name}', only {sorted(kinds)}.")
    kind = kinds[name]
    numeric = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    fits = {
        bool: isinstance(value, bool),
        int: numeric and value == int(value) and value > 0,  # type: ignore[operator, call-overload]
        float: numeric,
        str: value in WORDS.get(name, ()),
    }
    if not fits.get(kind, False):  # type: ignore[arg-type]
        raise ArmError(400, "BadOrder", f"{value!r} does not fit the setting '{name}'.")
    return kind(value)  # type: ignore[operator]
