"""The channels a demo can show: tokens that count nowhere else, and what each side is told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.zalo_oa.state import OfficialAccount

WEBHOOK_SECRET = "demo-plainly-invented-0001"
LINK_SECRET = "demo-plainly-invented-links-0001"
TELEGRAM_TOKEN = "2026:demo"
ZALO_TOKEN = "2027:demo"
# The story passes over more than seven days in minutes; a switch shows what they close.
ACCOUNT = OfficialAccount(
    "2028", "demo-app-secret", "demo-secret-key", "demo-refresh-token", window_days=0
)


@dataclass(frozen=True)
class DemoChannel:
    """One channel: its bot, what the sandbox is told, and the service (`{sandbox}` is an address).

    `phone` turns a person's number into the id of a phone on it.
    """

    bot: str
    sandbox: Mapping[str, Any]
    settings: Mapping[str, str]
    phone: Callable[[int], str]
    posted: bool = field(default=False)  # events are posted, so the service needs an address


CHANNELS = {
    "telegram": DemoChannel(
        bot="telegram:2026",
        sandbox={"token": TELEGRAM_TOKEN},
        settings={"SAUSAT_TELEGRAM_TOKEN": TELEGRAM_TOKEN, "SAUSAT_TELEGRAM_API": "{sandbox}"},
        phone=lambda number: str(10_000 + number),
    ),
    "zalo": DemoChannel(
        bot="zalo:2027",
        sandbox={"zalo_token": ZALO_TOKEN},
        settings={"SAUSAT_ZALO_TOKEN": ZALO_TOKEN, "SAUSAT_ZALO_API": "{sandbox}/zalo"},
        phone=lambda number: f"5a10{number:016x}",
        posted=True,
    ),
    "zalo_oa": DemoChannel(
        bot=f"zalo_oa:{ACCOUNT.app_id}",
        sandbox={"zalo_oa": ACCOUNT},
        settings={
            "SAUSAT_ZALO_OA_APP_ID": ACCOUNT.app_id,
            "SAUSAT_ZALO_OA_APP_SECRET": ACCOUNT.app_secret,
            "SAUSAT_ZALO_OA_SECRET_KEY": ACCOUNT.secret_key,
            "SAUSAT_ZALO_OA_REFRESH_TOKEN": ACCOUNT.refresh_token,
            "SAUSAT_ZALO_OA_TEMPLATE_ID": ACCOUNT.template_id,
            "SAUSAT_ZALO_OA_API": "{sandbox}/zalo_oa",
        },
        phone=lambda number: str(4_318_000_000_000_000_000 + number),
        posted=True,
    ),
}


def sandbox_of(names: Sequence[str]) -> dict[str, Any]:
    """What the sandbox is told of these channels."""
    return {key: value for name in names for key, value in CHANNELS[name].sandbox.items()}


def settings_of(names: Sequence[str], sandbox: str, port: int) -> dict[str, str]:
    """The environment of a service that serves these channels at this port."""
    found = {
        key: value.format(sandbox=sandbox)
        for name in names
        for key, value in CHANNELS[name].settings.items()
    }
    pages = {
        "SAUSAT_BIND": f"127.0.0.1:{port}",
        "SAUSAT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SAUSAT_LINK_SECRET": LINK_SECRET,
    }
    posted = any(CHANNELS[name].posted for name in names)
    return found | pages | ({"SAUSAT_WEBHOOK_SECRET": WEBHOOK_SECRET} if posted else {})
