"""The channels: one file each, and one line here."""

from collections.abc import Callable

from bot.channels.contract import Channel
from bot.channels.zalo_oa_tokens import Memory, Vault
from bot.settings import Settings

Vaults = Callable[[str], Vault]  # by a bot's name; without a database tokens last as the process


def _telegram(settings: Settings, _vaults: Vaults) -> Channel | None:
    token = settings.telegram_token.get_secret_value()
    if not token:
        return None
    from bot.channels.telegram import Telegram  # late: the library takes a while to import

    return Telegram(
        token,
        files=settings.files,
        api=settings.telegram_api,
        proxy=settings.proxy,
        secret=settings.webhook_secret.get_secret_value(),
    )


def _zalo(settings: Settings, _vaults: Vaults) -> Channel | None:
    token = settings.zalo_token.get_secret_value()
    if not token:
        return None
    from bot.channels.zalo_bot import ZaloBot

    return ZaloBot(
        token,
        api=settings.zalo_api,
        proxy=settings.proxy,
        secret=settings.webhook_secret.get_secret_value(),
    )


def _zalo_oa(settings: Settings, vaults: Vaults) -> Channel | None:
    if not settings.zalo_oa_ready:
        return None
    from bot.channels.zalo_oa import ZaloOA

    channel = ZaloOA(
        app_id=settings.zalo_oa_app_id,
        app_secret=settings.zalo_oa_app_secret.get_secret_value(),
        secret_key=settings.zalo_oa_secret_key.get_secret_value(),
        refresh_token=settings.zalo_oa_refresh_token.get_secret_value(),
        files=settings.files,
        api=settings.zalo_oa_api,
        template=settings.zalo_oa_template_id,
        proxy=settings.proxy,
    )
    channel.keep_tokens_in(vaults(channel.bot))
    return channel


CHANNELS: dict[str, Callable[[Settings, Vaults], Channel | None]] = {
    "telegram": _telegram,
    "zalo": _zalo,
    "zalo_oa": _zalo_oa,
}


def configured(settings: Settings, vaults: Vaults = lambda _bot: Memory()) -> list[Channel]:
    """The channels for which the settings hold what they need."""
    opened = (build(settings, vaults) for build in CHANNELS.values())
    return [channel for channel in opened if channel is not None]
