"""What the console is told from outside: the only reader of the environment, once, at start."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

PREFIX = "CONSOLE_"
FILE = ".env"
LOCAL_WORKSPACE = "5c0f0ae2-7c1d-4d0e-9a43-6f2b8f1d3e77"
"""Where the simulator keeps its gateway's logs."""
COOKIE_BYTES = 32
_HERE = {"localhost", "127.0.0.1"}
_LISTS = {
    "azure": "CONSOLE_AZURE__SUBSCRIPTIONS",
    "notify": "CONSOLE_NOTIFY__URLS",
    "cost": "CONSOLE_COST__WORKSPACES",
    "sign_in": "CONSOLE_SIGN_IN__UNITS",
}
_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9]*://\S+")
_LINK = re.compile(r"https?://[a-zA-Z0-9.-]+(:[0-9]+)?(/[a-zA-Z0-9._~/-]*)?")
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _guid(text: str) -> str:
    if not _GUID.fullmatch(text):
        raise ValueError(f"{text!r} is not an id such as 00000000-0000-0000-0000-000000000000")
    return text.lower()


def _tag(text: str) -> str:
    if not text.strip():
        raise ValueError("the name of a tag can't be blank")
    return text.strip()


def _address(told: SecretStr) -> SecretStr:
    if not _ADDRESS.fullmatch(told.get_secret_value()):
        raise ValueError("each has to be an address such as mailto://host?to=name@host")
    return told


def _link(text: str) -> str:
    if text and not _LINK.fullmatch(text):
        raise ValueError("it has to be an address such as https://console.contoso.com")
    return text.rstrip("/")


def _origin(text: str) -> str:
    """Where a browser finds the console: over TLS, except on the machine itself."""
    told = urlsplit(_link(text))
    if text and (told.path or (told.scheme == "http" and told.hostname not in _HERE)):
        raise ValueError("it has to be an address such as https://console.contoso.com, no more")
    return text.rstrip("/")


def _key(told: SecretStr) -> SecretStr:
    if 0 < len(told.get_secret_value().encode()) < COOKIE_BYTES:
        raise ValueError(f"it has to be {COOKIE_BYTES} random bytes or more")
    return told


def _group_unit(text: str) -> str:
    group, _, unit = text.partition("=")
    if not unit.strip():
        raise ValueError("each has to be the id of a group, =, and the id of a business unit")
    return f"{_guid(group.strip())}={unit.strip()}"


Guid = Annotated[str, AfterValidator(_guid)]
Tag = Annotated[str, AfterValidator(_tag)]
Address = Annotated[SecretStr, AfterValidator(_address)]
Link = Annotated[str, AfterValidator(_link)]
Origin = Annotated[str, AfterValidator(_origin)]
GroupUnit = Annotated[str, AfterValidator(_group_unit)]
Key = Annotated[SecretStr, AfterValidator(_key)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AzureSettings(_Part):
    cloud: Literal["local", "public", "usgovernment", "china"] = "local"
    """Which Azure: the simulator, or one of the real ones."""
    subscriptions: tuple[Guid, ...] = ()
    """Ids of the subscriptions to watch, as a JSON list; empty: all that the credential may see."""
    credential: Literal["developer", "managed"] = "developer"
    """Who asks Azure: the person signed in at this desk, or a managed identity."""
    client_id: Guid | None = None
    """The managed identity, where the machine has several."""
    tenant: Guid | None = None
    """The tenant of a developer who has several."""
    identity: str = ""
    """The name under which Azure records what the console changes: the identity's object id, or a
    user's principal name. Needed for writes."""
    writes: bool = False
    """Whether the console may change the real Azure; the local one may always be changed."""


class SimulatorSettings(_Part):
    port: int = Field(default=8701, ge=1, le=65_535)
    """Where the simulator listens on loopback."""
    state: Path = Path("simulator.db")
    """Where it keeps its world."""
    scenario: str = "contoso"
    """The world that is made at its first start."""


class TagSettings(_Part):
    unit: Tag = "business-unit"
    """The tag that names the business unit."""
    owner: Tag = "owner"
    """The tag that names the owner."""
    environment: Tag = "environment"
    """The tag that names the environment, such as prod."""
    standby: Tag = "standby"
    """The tag that marks a deployment that is expected to be quiet."""
    audience: Tag = "audience"
    """The tag that says who talks to it: internal or external."""


class CostSettings(_Part):
    workspaces: tuple[Guid, ...] = ()
    """Ids (customerId) of the Log Analytics workspaces with the gateway's logs, as a JSON list; the
    local cloud has one of its own."""


class AuditSettings(_Part):
    anchors: Path | None = None
    """A file outside the database that the head of the audit trail is appended to; none: nothing
    is anchored."""


class DeskSettings(_Part):
    """Who sits before a console on a live cloud that has no sign-in; loopback only."""

    name: str = "The person at this desk"
    """The name in the audit trail."""
    role: Literal["viewer", "manager", "coordinator", "admin", "auditor"] = "viewer"
    """The role of that person."""


class SignInSettings(_Part):
    """Who may come in, by Entra ID; the first five are told together or not at all."""

    tenant: Guid | None = None
    """The tenant whose people may sign in."""
    client_id: Guid | None = None
    """The application that stands for the console in that tenant."""
    client_secret: SecretStr = SecretStr("")
    """Its secret."""
    cookie_secret: Key = SecretStr("")
    """What cookies are signed with, equal on all replicas: 32 random bytes or more."""
    address: Origin = ""
    """Where browsers find the console, such as https://console.contoso.com."""
    metadata: Link = ""
    """Where the provider describes itself; the cloud's own when not told."""
    hours: int = Field(default=8, ge=1, le=24)
    """For how long a session holds at most."""
    idle_minutes: int = Field(default=30, ge=1, le=24 * 60)
    """After how long it ends when nothing is done."""
    units: tuple[GroupUnit, ...] = ()
    """Which group's members see which business unit, as a JSON list of texts such as
    00000000-0000-0000-0000-000000000000=retail."""

    @property
    def told(self) -> bool:
        return self.tenant is not None

    def missing(self) -> list[str]:
        """What has to be told besides; nothing where nothing is told."""
        wanted = {
            "TENANT": self.tenant is not None,
            "CLIENT_ID": self.client_id is not None,
            "CLIENT_SECRET": bool(self.client_secret.get_secret_value()),
            "COOKIE_SECRET": bool(self.cookie_secret.get_secret_value()),
            "ADDRESS": bool(self.address),
        }
        if not any(wanted.values()):
            return []
        return [f"{PREFIX}SIGN_IN__{name}" for name, is_told in wanted.items() if not is_told]


class NotifySettings(_Part):
    urls: tuple[Address, ...] = ()
    """Where to tell people, as a JSON list of addresses in Apprise's notation; empty: nobody is
    told. They hold secrets."""
    link: Link = ""
    """The console's own address, for links in messages; without it they have none."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", env_file=FILE, extra="ignore", frozen=True
    )

    azure: AzureSettings = AzureSettings()
    simulator: SimulatorSettings = SimulatorSettings()
    tags: TagSettings = TagSettings()
    desk: DeskSettings = DeskSettings()
    sign_in: SignInSettings = SignInSettings()
    notify: NotifySettings = NotifySettings()
    cost: CostSettings = CostSettings()
    audit: AuditSettings = AuditSettings()
    database_url: SecretStr = SecretStr("sqlite:///console.db")
    """Where the console keeps what Azure does not remember: SQLite, or postgresql://..."""
    jobs: Literal["inside", "apart"] = "inside"
    """Whether collector and worker run inside the console, or as `python -m wiring`."""

    @property
    def local(self) -> bool:
        return self.azure.cloud == "local"

    @property
    def workspaces(self) -> tuple[str, ...]:
        return self.cost.workspaces or ((LOCAL_WORKSPACE,) if self.local else ())

    @property
    def writes(self) -> bool:
        return self.local or self.azure.writes


def names(model: type[BaseModel] = Settings, prefix: str = PREFIX) -> Iterator[str]:
    """Every variable that the console knows."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from names(inner, f"{prefix}{name.upper()}__")
        else:
            yield f"{prefix}{name.upper()}"


def read() -> Settings:
    """The settings; one sentence and no start when something of ours is misspelt or wrong."""
    told = {name.upper() for name in (*os.environ, *dotenv_values(FILE))}
    if unknown := {name for name in told if name.startswith(PREFIX)} - set(names()):
        raise SystemExit(f"Unknown setting {', '.join(sorted(unknown))}: see README.md.")
    try:
        settings = Settings()
    except SettingsError as error:
        # What it says names the part, and never the value.
        name = next(it for part, it in _LISTS.items() if f'"{part}"' in str(error))
        raise SystemExit(
            f'Setting {name} is wrong: it must be a JSON list such as ["one", "two"].'
        ) from error
    except ValidationError as error:
        raise SystemExit(_first(error)) from error
    if settings.azure.writes and not settings.azure.identity.strip():
        raise SystemExit(
            "Setting CONSOLE_AZURE__IDENTITY is missing: writes are allowed only when the console "
            "knows the name under which Azure records them."
        )
    if missing := settings.sign_in.missing():
        raise SystemExit(f"Sign-in is told in part: {', '.join(missing)} is missing.")
    return settings


def _first(error: ValidationError) -> str:
    """One sentence; of the value only what our own validators say, since it may be a secret."""
    first = error.errors(include_input=False, include_url=False)[0]
    where = "__".join(str(part) for part in first["loc"] if isinstance(part, str)).upper()
    return f"Setting {PREFIX}{where} is wrong: {first['msg'].removeprefix('Value error, ')}."
