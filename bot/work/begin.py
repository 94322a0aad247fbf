"""Makes the settings count in this process, before anything else is done."""

from bot import files
from bot.rules import zone
from bot.settings import Settings
from bot.work import logs
from storage import audit, secrecy
from storage.database import Database
from storage.seals import keys_for


def begin(settings: Settings) -> Database:
    """Zone, files, keys and log as the settings say; the database, which is not opened yet."""
    zone.use(settings.zone)
    files.use(settings.files)
    audit.use(keys_for("audit", settings.audit_keys))
    secrecy.use(settings.content_keys)
    logs.set_up(settings.secrets)
    return Database(settings.database_url)
