"""Tokens that a channel renews: the newest pair of each bot, sealed where there is a key."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage.secrecy import NotOpened, box
from storage.tables import metadata

credential = metadata.tables["credential"]

SEALED = "sealed:"


@dataclass(frozen=True)
class Tokens:
    """A bot's pair as it is stored."""

    access_token: str
    refresh_token: str
    expires_at: datetime
    refreshed_at: datetime
    seed: str


def of_bot(connection: Connection, bot: str) -> Tokens | None:
    """The newest pair of this bot; raises NotOpened."""
    columns = (credential.c[name] for name in Tokens.__dataclass_fields__)
    row = connection.execute(select(*columns).where(credential.c.bot == bot)).first()
    if row is None:
        return None
    kept = Tokens(**row._mapping)
    return replace(
        kept, access_token=_bare(kept.access_token), refresh_token=_bare(kept.refresh_token)
    )


def keep(connection: Connection, bot: str, tokens: Tokens) -> None:
    """Put the pair in the place of the one before."""
    values = vars(tokens) | _sealed(tokens.access_token, tokens.refresh_token)
    changed = update(credential).where(credential.c.bot == bot).values(values)
    if not connection.execute(changed).rowcount:
        connection.execute(insert(credential).values(bot=bot, **values))


def reseal(connection: Connection) -> None:
    """Seal every pair with the first key; one that is renewed meanwhile is left as it is."""
    stored = credential.c.refresh_token
    found = connection.execute(select(credential.c.bot, credential.c.access_token, stored))
    for bot, access, refresh in found.all():
        same = (credential.c.bot == bot) & (stored == refresh)
        again = _sealed(_bare(access), _bare(refresh))
        connection.execute(update(credential).where(same).values(again))


def _sealed(access: str, refresh: str) -> dict[str, str]:
    pair = {"access_token": access, "refresh_token": refresh}
    if not box():
        return pair
    return {name: SEALED + box().seal({name: token}) for name, token in pair.items()}


def _bare(kept: str) -> str:
    """The token; one from before there was a key stands as it is. Raises NotOpened."""
    if not kept.startswith(SEALED):
        return kept
    if not box():
        raise NotOpened
    (token,) = box().open(kept.removeprefix(SEALED)).values()
    return str(token)
