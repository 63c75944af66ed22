"""A setting that is misspelt or wrong stops the start in one sentence, which gives nothing away."""

import json
import os

import pytest
from pydantic import SecretStr

import settings

SUB = "0b1f6471-1bf0-4dda-aec3-cb9272f09590"
SECRET = "hunter2-hunter2"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """No setting and no file of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.upper().startswith(settings.PREFIX):
            monkeypatch.delenv(name)
    return tmp_path


def refused(words):
    """One sentence, from beginning to end."""
    return pytest.raises(SystemExit, match=rf"\A{words}\Z")


def test_nothing_needs_to_be_told():
    told = settings.read()
    assert told.local
    assert told.writes
    assert told.azure.subscriptions == ()
    assert told.jobs == "inside"


@pytest.mark.parametrize(
    "name", ["CONSOLE_DATABASE", "CONSOLE_AZURE__SUBSCRIPTION", "CONSOLE_AZURE", "console_jbos"]
)
def test_a_misspelt_setting_stops_the_start(monkeypatch, name):
    monkeypatch.setenv(name, SECRET)
    with refused(f"Unknown setting {name.upper()}: see README.md."):
        settings.read()


def test_a_misspelt_setting_in_the_file_does_too(elsewhere):
    (elsewhere / ".env").write_text("CONSOLE_AZURE__CLOUDS=local\nCONSOLE_X=1\n")
    with refused("Unknown setting CONSOLE_AZURE__CLOUDS, CONSOLE_X: see README.md."):
        settings.read()


WRONG = [
    ("CONSOLE_AZURE__CLOUD", "mars"),
    ("CONSOLE_AZURE__WRITES", "perhaps"),
    ("CONSOLE_AZURE__CREDENTIAL", "password"),
    ("CONSOLE_AZURE__CLIENT_ID", "me"),
    ("CONSOLE_AZURE__SUBSCRIPTIONS", '["contoso-prod"]'),
    ("CONSOLE_AZURE__SUBSCRIPTIONS", f'["{SUB}", "{SUB}\\n"]'),
    ("CONSOLE_SIGN_IN__COOKIE_SECRET", SECRET),
    ("CONSOLE_SIGN_IN__ADDRESS", "http://console.contoso.com"),
    ("CONSOLE_SIGN_IN__ADDRESS", "https://console.contoso.com/ai"),
    ("CONSOLE_SIGN_IN__UNITS", '["retail"]'),
    ("CONSOLE_SIGN_IN__UNITS", f'["{SUB}="]'),
    ("CONSOLE_SIGN_IN__HOURS", "25"),
    ("CONSOLE_SIMULATOR__PORT", "0"),
    ("CONSOLE_SIMULATOR__PORT", "70000"),
    ("CONSOLE_TAGS__UNIT", "  "),
    ("CONSOLE_DESK__ROLE", "approver"),
    ("CONSOLE_JOBS", "sometimes"),
    ("CONSOLE_COST__WORKSPACES", '["log-contoso"]'),
    ("CONSOLE_NOTIFY__URLS", f'["{SECRET}"]'),
    ("CONSOLE_NOTIFY__URLS", f'["json://{SECRET} x"]'),
    ("CONSOLE_NOTIFY__URLS", f'"json://{SECRET}"'),
    ("CONSOLE_NOTIFY__LINK", f"javascript://{SECRET}"),
    ("CONSOLE_NOTIFY__LINK", f"https://ada:{SECRET}@console"),
    ("CONSOLE_NOTIFY__LINK", "https://console\nx"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_named(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with refused(rf"Setting {name} is wrong: .+\."):
        settings.read()


@pytest.mark.parametrize(
    "name",
    ["CONSOLE_AZURE__SUBSCRIPTIONS", "CONSOLE_COST__WORKSPACES", "CONSOLE_NOTIFY__URLS"],
)
@pytest.mark.parametrize("value", [SUB, f"{SUB},{SUB}", "[", f"['{SUB}']"])
def test_a_list_that_is_no_json_is_explained(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with refused(rf"Setting {name} is wrong: .*JSON list.*"):
        settings.read()


def test_an_id_is_kept_in_lower_case(monkeypatch):
    monkeypatch.setenv("CONSOLE_AZURE__SUBSCRIPTIONS", f'["{SUB.upper()}"]')
    assert settings.read().azure.subscriptions == (SUB,)


@pytest.mark.parametrize(
    "name",
    [it for it in settings.names() if not it.endswith(("SUBSCRIPTIONS", "CLIENT_ID", "TENANT"))],
)
def test_what_was_told_is_never_echoed(monkeypatch, name):
    """Ids are echoed, since they are no secrets and easily mistyped."""
    monkeypatch.setenv(name, SECRET)
    try:
        settings.read()
    except SystemExit as refusal:
        said = str(refusal)
    else:
        said = ""
    assert SECRET not in said


def test_the_address_of_the_database_is_a_secret(monkeypatch):
    monkeypatch.setenv("CONSOLE_DATABASE_URL", f"postgresql://console:{SECRET}@db/console")
    told = settings.read()
    assert SECRET not in f"{told!r} {told} {told.model_dump()}"
    assert isinstance(told.database_url, SecretStr)
    assert SECRET in told.database_url.get_secret_value()


def test_where_people_are_told_is_a_secret(monkeypatch):
    addresses = [f"mailto://console:{SECRET}@contoso.com", f"json://127.0.0.1/{SECRET}"]
    monkeypatch.setenv("CONSOLE_NOTIFY__URLS", json.dumps(addresses))
    monkeypatch.setenv("CONSOLE_NOTIFY__LINK", "https://console.contoso.com/ai/")
    told = settings.read()
    assert SECRET not in f"{told!r} {told} {told.model_dump()}"
    assert [it.get_secret_value() for it in told.notify.urls] == addresses
    assert told.notify.link == "https://console.contoso.com/ai"


def test_a_foreign_variable_is_none_of_our_business(elsewhere, monkeypatch):
    monkeypatch.setenv("CONSOLED", "x")
    (elsewhere / ".env").write_text(f'PGHOST=x\nCONSOLE_AZURE__SUBSCRIPTIONS=["{SUB}"]\n')
    assert settings.read().azure.subscriptions == (SUB,)


def test_the_environment_goes_before_the_file(elsewhere, monkeypatch):
    (elsewhere / ".env").write_text("CONSOLE_SIMULATOR__PORT=1111\nCONSOLE_TAGS__OWNER=boss\n")
    monkeypatch.setenv("CONSOLE_SIMULATOR__PORT", "2222")
    told = settings.read()
    assert (told.simulator.port, told.tags.owner) == (2222, "boss")


def test_writes_need_a_name(monkeypatch):
    monkeypatch.setenv("CONSOLE_AZURE__CLOUD", "public")
    monkeypatch.setenv("CONSOLE_AZURE__WRITES", "true")
    with refused("Setting CONSOLE_AZURE__IDENTITY is missing: .+"):
        settings.read()
    monkeypatch.setenv("CONSOLE_AZURE__IDENTITY", "   ")
    with refused("Setting CONSOLE_AZURE__IDENTITY is missing: .+"):
        settings.read()
    monkeypatch.setenv("CONSOLE_AZURE__IDENTITY", "console@contoso.com")
    assert settings.read().writes


def test_a_real_cloud_is_read_only_until_told_otherwise(monkeypatch):
    monkeypatch.setenv("CONSOLE_AZURE__CLOUD", "public")
    told = settings.read()
    assert not told.local
    assert not told.writes


SIGN_IN = {
    "CONSOLE_SIGN_IN__TENANT": SUB,
    "CONSOLE_SIGN_IN__CLIENT_ID": SUB,
    "CONSOLE_SIGN_IN__CLIENT_SECRET": SECRET,
    "CONSOLE_SIGN_IN__COOKIE_SECRET": SECRET * 3,
    "CONSOLE_SIGN_IN__ADDRESS": "https://console.contoso.com",
}


@pytest.mark.parametrize("left_out", SIGN_IN)
def test_sign_in_is_told_whole_and_keeps_its_secrets(monkeypatch, left_out):
    for name in SIGN_IN.keys() - {left_out}:
        monkeypatch.setenv(name, SIGN_IN[name])
    with refused(f"Sign-in is told in part: {left_out} is missing."):
        settings.read()
    monkeypatch.setenv(left_out, SIGN_IN[left_out])
    told = settings.read()
    assert told.sign_in.told
    assert SECRET not in f"{told!r} {told} {told.model_dump()}"


def test_every_setting_is_known_by_its_name():
    assert set(settings.names()) == {
        "CONSOLE_AZURE__CLOUD",
        "CONSOLE_SIGN_IN__TENANT",
        "CONSOLE_SIGN_IN__CLIENT_ID",
        "CONSOLE_SIGN_IN__CLIENT_SECRET",
        "CONSOLE_SIGN_IN__COOKIE_SECRET",
        "CONSOLE_SIGN_IN__ADDRESS",
        "CONSOLE_SIGN_IN__METADATA",
        "CONSOLE_SIGN_IN__HOURS",
        "CONSOLE_SIGN_IN__IDLE_MINUTES",
        "CONSOLE_SIGN_IN__UNITS",
        "CONSOLE_AZURE__SUBSCRIPTIONS",
        "CONSOLE_AZURE__CREDENTIAL",
        "CONSOLE_AZURE__CLIENT_ID",
        "CONSOLE_AZURE__TENANT",
        "CONSOLE_AZURE__IDENTITY",
        "CONSOLE_AZURE__WRITES",
        "CONSOLE_SIMULATOR__PORT",
        "CONSOLE_SIMULATOR__STATE",
        "CONSOLE_SIMULATOR__SCENARIO",
        "CONSOLE_TAGS__UNIT",
        "CONSOLE_TAGS__OWNER",
        "CONSOLE_TAGS__ENVIRONMENT",
        "CONSOLE_TAGS__STANDBY",
        "CONSOLE_TAGS__AUDIENCE",
        "CONSOLE_COST__WORKSPACES",
        "CONSOLE_DESK__NAME",
        "CONSOLE_DESK__ROLE",
        "CONSOLE_NOTIFY__URLS",
        "CONSOLE_NOTIFY__LINK",
        "CONSOLE_DATABASE_URL",
        "CONSOLE_JOBS",
        "CONSOLE_AUDIT__ANCHORS",
    }


def test_nobody_changes_a_setting():
    told = settings.read()
    for whole in (told, told.azure):
        with pytest.raises(ValueError, match="frozen"):
            whole.jobs = "apart"
