"""Tokens that a channel renews: the newest pair of each bot."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage.tables import metadata

credential = metadata.tables["credential"]


@dataclass(frozen=True)
class Tokens:
    """A bot's pair as it is stored."""

    access_token: str
    refresh_token: str
    expires_at: datetime
    refreshed_at: datetime
    seed: str


def of_bot(connection: Connection, bot: str) -> Tokens | None:
    """The newest pair of this bot."""
    columns = (credential.c[name] for name in Tokens.__dataclass_fields__)
    row = connection.execute(select(*columns).where(credential.c.bot == bot)).first()
    return Tokens(**row._mapping) if row else None


def keep(connection: Connection, bot: str, tokens: Tokens) -> None:
    """Put the pair in the place of the one before."""
    values = vars(tokens)
    changed = update(credential).where(credential.c.bot == bot).values(values)
    if not connection.execute(changed).rowcount:
        connection.execute(insert(credential).values(bot=bot, **values))
