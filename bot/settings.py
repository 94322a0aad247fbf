"""The environment as one frozen Settings; nothing else reads os.environ."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "SAUSAT_"


class BadSetting(Exception):
    """A variable that cannot be used; says which one and what it should be, in Vietnamese."""


class Settings(BaseSettings):
    """All variables, each named `SAUSAT_` and the field's name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    database_url: str = "sqlite:///sausat.db"
    files: Path = Path("files")
    telegram_token: SecretStr = SecretStr("")
    telegram_api: str = "https://api.telegram.org"
    zalo_token: SecretStr = SecretStr("")
    zalo_api: str = "https://bot-api.zaloplatforms.com"
    zalo_oa_app_id: str = ""
    zalo_oa_app_secret: SecretStr = SecretStr("")
    zalo_oa_secret_key: SecretStr = SecretStr("")
    zalo_oa_refresh_token: SecretStr = SecretStr("")
    zalo_oa_api: str = "https://openapi.zalo.me"
    zalo_oa_template_id: str = ""
    public_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    link_secret: SecretStr = SecretStr("")
    content_key: SecretStr = SecretStr("")
    audit_key: SecretStr = SecretStr("")
    proxy: str = ""
    timezone: str = "Asia/Ho_Chi_Minh"
    bind: str = "127.0.0.1:8080"

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("phải bắt đầu bằng sqlite:/// hoặc postgresql://")
        return value

    @field_validator("telegram_token", "zalo_token")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        if any(letter.isspace() or letter in "/?#%" for letter in value.get_secret_value()):
            raise ValueError("không được có dấu cách hay các dấu / ? # %")
        return value

    @field_validator("telegram_api", "zalo_api", "zalo_oa_api", "public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("http", "https"):
            raise ValueError("phải là địa chỉ bắt đầu bằng https:// (hoặc http://)")
        return value.rstrip("/")

    @field_validator("proxy")
    @classmethod
    def _proxy(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("http", "https", "socks5", "socks5h"):
            raise ValueError("phải bắt đầu bằng http://, https:// hoặc socks5://")
        return value

    @field_validator("timezone")
    @classmethod
    def _timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("không phải tên múi giờ, ví dụ Asia/Ho_Chi_Minh") from None
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _webhook(cls, value: SecretStr) -> SecretStr:
        secret = value.get_secret_value()
        if secret and (len(secret) < 16 or not secret.replace("_", "").replace("-", "").isalnum()):
            raise ValueError("phải có ít nhất 16 ký tự, chỉ gồm A-Z a-z 0-9 _ -")
        return value

    @field_validator("link_secret")
    @classmethod
    def _links(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 32:
            raise ValueError("phải có ít nhất 32 ký tự")
        return value

    @field_validator("content_key", "audit_key")
    @classmethod
    def _keys(cls, value: SecretStr) -> SecretStr:
        if any(len(key) < 32 for key in _listed(value)):
            raise ValueError("mỗi khóa ít nhất 32 ký tự, nhiều khóa cách nhau bằng dấu phẩy")
        return value

    @field_validator("bind")
    @classmethod
    def _bind(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdecimal() or int(port) > 65535:
            raise ValueError("phải có dạng địa-chỉ:cổng, ví dụ 127.0.0.1:8080")
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The province's zone, in which dates are read and shown."""
        return ZoneInfo(self.timezone)

    @property
    def address(self) -> tuple[str, int]:
        """Where the web server listens."""
        host, _, port = self.bind.rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def content_keys(self) -> tuple[str, ...]:
        """What restricted content is encrypted with: the first writes, all of them read."""
        return _listed(self.content_key)

    @property
    def audit_keys(self) -> tuple[str, ...]:
        """What the audit log is marked with; without keys of its own, those of the content."""
        return (*_listed(self.audit_key), *self.content_keys)

    @property
    def zalo_oa_missing(self) -> tuple[str, ...]:
        """The variables that the Official Account still needs."""
        needed = ("app_id", "app_secret", "secret_key", "refresh_token")
        names = (f"zalo_oa_{name}" for name in needed)
        return tuple(f"{PREFIX}{name.upper()}" for name in names if not _given(getattr(self, name)))

    @property
    def zalo_oa_ready(self) -> bool:
        """Whether the Official Account has all it needs."""
        return not self.zalo_oa_missing

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be written anywhere."""
        values = (getattr(self, name) for name in type(self).model_fields)
        found = {value.get_secret_value() for value in values if isinstance(value, SecretStr)}
        found |= {*self.audit_keys}
        for address in (self.database_url, self.proxy):
            password = urlsplit(address).password or ""
            found |= {password, unquote(password)}
        return tuple(sorted(found - {""}))


def _listed(secret: SecretStr) -> tuple[str, ...]:
    return tuple(filter(None, (each.strip() for each in secret.get_secret_value().split(","))))


def _given(value: str | SecretStr) -> bool:
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)


def read_settings(**given: Any) -> Settings:
    """The settings of the environment and `.env`; values given here come first."""
    try:
        return Settings(**given)
    except ValidationError as error:
        raise BadSetting("; ".join(_said(each) for each in error.errors())) from None


def _said(error: Any) -> str:
    name = PREFIX + str(error["loc"][0]).upper()
    if error["type"] == "value_error":
        return f"{name}: {error['ctx']['error']}"
    return f"{name}: giá trị không dùng được"
