"""What the doctor says of Zalo: the bot, the Official Account, and whom it cannot remind."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
from sqlalchemy import Connection, func, select
from sqlmodel import col

from bot.channels.zalo_bot import LIMITS as BOT_LIMITS
from bot.channels.zalo_oa_rendering import LIMITS as OA_LIMITS
from bot.rules.quota import is_near, month_of
from bot.rules.ways import QUOTA
from bot.settings import Settings
from bot.web.app import path_of
from bot.work import clock
from bot.work.findings import WAIT, Finding, State, way
from bot.work.quota import plan, said_of
from storage import credentials, quotas, ways
from storage.database import Database
from storage.tables import Account, Person

NEAR_FULL = 45  # people of a bot that may have 50
LISTED = 20  # people, by their codes
TEMPLATE = "SAUSAT_ZALO_OA_TEMPLATE_ID"


def asked(settings: Settings) -> httpx.Response | None:
    """The bot platform's answer to who we are; None without a token or a way out."""
    token = settings.zalo_token.get_secret_value()
    if not token:
        return None
    try:
        with httpx.Client(proxy=settings.proxy or None, trust_env=False, timeout=WAIT) as client:
            return client.get(f"{settings.zalo_api}/bot{token}/getMe")
    except httpx.HTTPError:
        return None


def reached(settings: Settings, answer: httpx.Response | None) -> Iterator[Finding]:
    """What the environment and the network tell; `answer` is the bot platform's."""
    yield _bot(settings, answer)
    yield _account(settings)


def used(settings: Settings, db: Database) -> Iterator[Finding]:
    """What the database tells, of the channels that are on."""
    with db.reading() as session:
        connection = session.connection()
        if token := settings.zalo_token.get_secret_value():
            yield _usage(connection, f"zalo:{token.partition(':')[0]}")
        if settings.zalo_oa_ready:
            bot = f"zalo_oa:{settings.zalo_oa_app_id}"
            yield _tokens(connection, bot)
            yield _reminded(connection, bot, settings.zalo_oa_template_id)


def _bot(settings: Settings, answer: httpx.Response | None) -> Finding:
    if not settings.zalo_token.get_secret_value():
        return _zalo("off", "chưa đặt SAUSAT_ZALO_TOKEN")
    try:
        said = answer.json() if answer is not None else None
    except ValueError:
        said = None
    if said is None:
        host = httpx.URL(settings.zalo_api).host
        return _zalo("bad", f"không nối được {host}. Xem lại mạng, SAUSAT_PROXY")
    if not isinstance(said, dict) or said.get("ok") is not True:
        code = said.get("error_code", "") if isinstance(said, dict) else ""
        return _zalo("bad", f"Zalo trả lời {code}: xem lại mã của bot")
    name = str((said.get("result") or {}).get("account_name", ""))
    return _zalo("good", f"{name}, nối qua {way(settings)}")


def _zalo(state: State, detail: str) -> Finding:
    return Finding("zalo", "Zalo Bot", state, detail)


def _account(settings: Settings) -> Finding:
    """An account can only be told by its webhook, whose address is entered by hand."""
    missing = settings.zalo_oa_missing
    if len(missing) == 4:
        return _oa("off", "chưa đặt SAUSAT_ZALO_OA_APP_ID")
    if missing:
        return _oa("bad", f"chưa bật được, đặt thêm {', '.join(missing)}")
    if not settings.public_url:
        return _oa("bad", "không nhận được tin: đặt SAUSAT_PUBLIC_URL rồi khai webhook ở Zalo")
    return _oa("good", f"webhook khai ở Zalo: {settings.public_url}{path_of('zalo_oa')}")


def _oa(state: State, detail: str) -> Finding:
    return Finding("zalo_oa", "Zalo OA", state, detail)


def _usage(connection: Connection, bot: str) -> Finding:
    """People and messages of the plan; with either nearly used up somebody must act."""
    at = clock.real()
    month = quotas.of_month(connection, month_of(at)).get(bot)
    most = plan(connection, at)
    held = select(func.count()).where(col(Account.bot) == bot, col(Account.person_id).is_not(None))
    people = int(connection.execute(held).scalar_one())
    spent = month.used if month else 0
    short = bool(month and month.used_up) or (most > 0 and is_near(spent, most))
    tight = short or people >= NEAR_FULL
    waiting = len(ways.kept_back(connection, [QUOTA]))
    detail = f"{people}/{BOT_LIMITS.people} người, {said_of(spent, most)} tháng này"
    if month and month.used_up:
        detail += ", Zalo báo đã hết"
    if waiting:
        detail += f"; {waiting} đồng chí có tin chờ hạn mức, xem: chuagui"
    state: State = "note" if tight or waiting else "good"
    return Finding("zalo_usage", "Mức dùng Zalo Bot", state, detail)


def _tokens(connection: Connection, bot: str) -> Finding:
    """Whether the account's tokens are alive; they are refreshed by the running service."""
    name, label = "zalo_oa_token", "Mã truy cập Zalo OA"
    pair = credentials.of_bot(connection, bot)
    if pair is None:
        return Finding(name, label, "note", "chưa lấy lần nào, lấy khi có tin gửi đi")
    left = pair.expires_at - clock.real()
    if left > timedelta():
        return Finding(name, label, "good", f"còn {int(left.total_seconds() // 3600)} giờ")
    how = "cấp quyền lại cho ứng dụng và đặt SAUSAT_ZALO_OA_REFRESH_TOKEN mới nếu dịch vụ đang chạy"
    return Finding(name, label, "note", f"đã hết hạn, được làm mới khi có tin gửi đi; {how}")


def _reminded(connection: Connection, bot: str, template: str) -> Finding:
    """Whom no reminder reaches: their only account is here and they wrote too long ago."""
    name, label = "zalo_oa_window", "Nhắc qua Zalo OA"
    if template:
        return Finding(name, label, "good", f"quá 7 ngày thì báo bằng mẫu {template}, có tính phí")
    silent = _silent(connection, bot)
    why = "người quá 7 ngày không nhắn thì Zalo không nhận tin nhắc"
    if not silent:
        return Finding(name, label, "good", f"chưa ai; {why}. Đặt {TEMPLATE} để vẫn báo được")
    listed = ", ".join(silent[:LISTED]) + (" …" if len(silent) > LISTED else "")
    said = f"người không nhắc được ({listed}): {why}. Đặt {TEMPLATE}"
    return Finding(name, label, "note", said, len(silent))


def _silent(connection: Connection, bot: str) -> list[str]:
    """The codes of these people."""
    since = clock.real() - (OA_LIMITS.window or timedelta())
    live = (col(Account.state) == "confirmed") & col(Account.person_id).is_not(None)
    other = select(col(Account.person_id)).where(live, col(Account.bot) != bot)
    heard = col(Account.last_heard_at)
    late = heard.is_(None) | (heard < since) | (col(Account.closed_at) >= heard)
    mine = live & (col(Account.bot) == bot) & late & col(Account.person_id).not_in(other)
    codes = select(col(Person.code)).join(Account, col(Account.person_id) == col(Person.id))
    return list(connection.execute(codes.where(mine).order_by(col(Person.code))).scalars())
