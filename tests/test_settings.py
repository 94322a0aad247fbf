"""The environment as settings."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import BadSetting, Settings, read_settings


def read(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(f"SAUSAT_{name}", value)
    return read_settings(_env_file=None)


def test_without_any_variable_the_service_can_start(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch)
    assert settings.database_url == "sqlite:///sausat.db"
    assert settings.files == Path("files")
    assert settings.address == ("127.0.0.1", 8080)
    assert settings.zone.key == "Asia/Ho_Chi_Minh"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://x"),
        ("TELEGRAM_TOKEN", "123:a b"),
        ("TELEGRAM_API", "api.telegram.org"),
        ("PUBLIC_URL", "ftp://x"),
        ("PROXY", "10.0.0.1:3128"),
        ("TIMEZONE", "Asia/Hanoi"),
        ("WEBHOOK_SECRET", "short"),
        ("WEBHOOK_SECRET", "has/slashes/and/is/long"),
        ("LINK_SECRET", "shorter than thirty-two letters"),
        ("BIND", "8080"),
        ("BIND", "0.0.0.0:99999"),
    ],
)
def test_a_bad_value_names_its_variable_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(BadSetting) as caught:
        read(monkeypatch, **{name: value})
    assert str(caught.value).startswith(f"SAUSAT_{name}: ")
    assert "\n" not in str(caught.value)


def test_an_error_never_shows_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadSetting) as caught:
        read(monkeypatch, TELEGRAM_TOKEN="123:SECRET /x")
    assert "SECRET" not in str(caught.value)
    assert "SECRET" not in repr(read(monkeypatch, TELEGRAM_TOKEN="123:SECRET"))


def test_empty_means_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, TIMEZONE="").timezone == "Asia/Ho_Chi_Minh"


def test_settings_do_not_change(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError):
        read(monkeypatch).proxy = "http://other"


def test_passwords_inside_addresses_count_as_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(
        monkeypatch,
        DATABASE_URL="postgresql://sausat:p%40ss@db/sausat",
        PROXY="http://u:door@proxy:3128",
        TELEGRAM_TOKEN="1:AA",
    )
    assert settings.secrets == ("1:AA", "door", "p%40ss", "p@ss")
