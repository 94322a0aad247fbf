"""The channels: one file each, and one line here."""

from collections.abc import Callable

from bot.channels.contract import Channel
from bot.settings import Settings


def _telegram(settings: Settings) -> Channel | None:
    from bot.channels.telegram import Telegram  # late: the library takes a while to import

    token = settings.telegram_token.get_secret_value()
    if not token:
        return None
    return Telegram(
        token,
        files=settings.files,
        api=settings.telegram_api,
        proxy=settings.proxy,
        secret=settings.webhook_secret.get_secret_value(),
    )


CHANNELS: dict[str, Callable[[Settings], Channel | None]] = {
    "telegram": _telegram,
}


def configured(settings: Settings) -> list[Channel]:
    """The channels for which the settings hold a token."""
    opened = (build(settings) for build in CHANNELS.values())
    return [channel for channel in opened if channel is not None]
