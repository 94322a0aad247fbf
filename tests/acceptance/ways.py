"""The ways on which a killed service hears people, and what a channel loses of what they wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlmodel import col, select
from starlette.applications import Starlette

from bot.sandbox import OfficialAccount
from storage.database import Database
from storage.tables import Inbox
from tests.acceptance import killing
from tests.acceptance.killing import Service

SECRET = "a-secret-of-the-webhook"
TELEGRAM = "77:kills"
ZALO = "78:kills"
ACCOUNT = OfficialAccount("79", "app-secret", "oa-secret-key", "refresh-token")

LATE = timedelta(seconds=5)
"""A commit may be seen so long after the process that asked for it was killed, or cut off."""

Event = dict[str, Any]


def _telegram(address: str) -> dict[str, str]:
    return killing.telegram(address, TELEGRAM)


def _zalo(address: str) -> dict[str, str]:
    return {"SAUSAT_ZALO_TOKEN": ZALO, "SAUSAT_ZALO_API": f"{address}/zalo"}


def _zalo_oa(address: str) -> dict[str, str]:
    return {
        "SAUSAT_ZALO_OA_APP_ID": ACCOUNT.app_id,
        "SAUSAT_ZALO_OA_APP_SECRET": ACCOUNT.app_secret,
        "SAUSAT_ZALO_OA_SECRET_KEY": ACCOUNT.secret_key,
        "SAUSAT_ZALO_OA_REFRESH_TOKEN": ACCOUNT.refresh_token,
        "SAUSAT_ZALO_OA_API": f"{address}/zalo_oa",
    }


@dataclass(frozen=True)
class Way:
    """One channel and how its events come.

    `share` of the kills asked for; `switches` that are on in the sandbox all the time; `reads`:
    seconds that people look at choices they answer by number.
    """

    channel: str
    bot: str
    sandbox: Mapping[str, Any]
    settings: Callable[[str], dict[str, str]]
    people: int = 10
    share: int = 4
    posted: bool = False
    reads: float = 0.0
    switches: tuple[str, ...] = field(default=())


_CONSUME = Way("zalo", "zalo:78", {"zalo_token": ZALO}, _zalo, reads=1.2)
WAYS = {
    "telegram": Way("telegram", "telegram:77", {"token": TELEGRAM}, _telegram, people=30, share=1),
    "zalo-consume": _CONSUME,
    "zalo-replay": replace(_CONSUME, switches=("replay",)),
    "zalo-webhook": replace(_CONSUME, posted=True),
    "zalo-oa-webhook": Way(
        "zalo_oa", f"zalo_oa:{ACCOUNT.app_id}", {"zalo_oa": ACCOUNT}, _zalo_oa, posted=True
    ),
}


def prepare(way: Way, app: Starlette, service: Service) -> None:
    """Switch on what the way wants, and tell an account its webhook."""
    for kind in way.switches:
        app.state.world.switches.add({"kind": kind})
    if way.posted:
        service.listen_to_webhook(SECRET)
    if way.channel == "zalo_oa":
        app.state.world.networks["zalo_oa"].webhook.url = f"http://127.0.0.1:{service.port}/zalo_oa"


def lost(way: Way, app: Starlette, db: Database, *, known: set[str]) -> list[tuple[str, str]]:
    """What people wrote and the channel lost before it was in the inbox: (phone, text).

    Each is named once: `known` are those that were. Telegram loses nothing. Zalo does not repeat
    an event that it handed over to a process which then died, nor, on the Bot Platform, a post
    that found nobody.
    """
    gone = {key: event for key, event in _gone(way, app.state.world) if key not in known}
    if not gone:
        return []
    with db.reading() as session:
        wanted = col(Inbox.external_id).in_(list(gone))
        stored = set(session.exec(select(Inbox.external_id).where(wanted)))
    known.update(gone)
    return [_written(event) for key, event in gone.items() if key not in stored]


def _gone(way: Way, world: Any) -> Iterator[tuple[str, Event]]:
    """Events that will not come again, by id: a service stores one before it polls again."""
    for each in list(world.record.events):
        if each.kind == "lost" and _is_settled(each.data.get("reason"), world.now() - each.at):
            yield each.data["event"]["message"][_key(way)], each.data["event"]
    if way.channel != "zalo" or way.posted:
        return
    updates = world.networks["zalo"].updates
    repeated = updates.last if way.switches else None
    for key, (poll, event) in list(updates.handed.items()):
        if poll < updates.polls and event is not repeated:
            yield key, event


def _is_settled(reason: str | None, since: timedelta) -> bool:
    """Whether it is in the inbox by now or never: where somebody listened it may be late."""
    return reason == "ConnectError" or since > LATE


def _key(way: Way) -> str:
    return "msg_id" if way.channel == "zalo_oa" else "message_id"


def _written(event: Event) -> tuple[str, str]:
    chat = event["message"].get("chat") or event["sender"]
    return chat["id"], event["message"]["text"]
