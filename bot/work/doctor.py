"""Examines the machine and the service for the person who installs it: one line a matter."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from bot.settings import Settings
from bot.web.metrics import backlog
from bot.words import decimal, vietnamese_number
from bot.work import doctor_zalo
from bot.work.backup import LAST
from bot.work.clock import ALWAYS, ClockRefused, real
from bot.work.findings import WAIT, Finding, State, way
from storage import leases, migrate
from storage.database import Database
from storage.settings import value
from storage.tables import Account, Person

LEAST_SPACE = 1 << 30
LONGEST_SINCE_BACKUP = timedelta(days=7)
LARGEST_SKEW = timedelta(seconds=5)


def examine(settings: Settings, db: Database) -> list[Finding]:
    """Everything there is to say; each matter by itself, so that one failure hides no other."""
    found = [_database(db), *_network(settings), _disk(settings, db), *_keys(settings)]
    if found[0].state == "good":
        with_rows: tuple[Callable[[Database], Iterator[Finding]], ...] = (_service, _people, _saved)
        found += [finding for look in with_rows for finding in look(db)]
        found += doctor_zalo.used(settings, db)
    return found


def table(found: Sequence[Finding]) -> str:
    """The findings in three columns."""
    wide = max(len(finding.label) for finding in found) + 3
    middle = max(len(finding.shown) for finding in found) + 3
    return "\n".join(f"{f.label:<{wide}}{f.shown:<{middle}}{f.detail}" for f in found)


def _database(db: Database) -> Finding:
    if db.sqlite and db.url.database and not Path(db.url.database).exists():
        return _db("bad", f"chưa có tệp {db.url.database}: sausat init")
    try:
        has, size = migrate.current(db), _size(db)
    except SQLAlchemyError as error:
        why = str(getattr(error, "orig", error)).splitlines()[0]
        return _db("bad", f"không mở được SAUSAT_DATABASE_URL: {why}")
    kind = db.url.get_backend_name()
    if has is None:
        return _db("bad", f"{kind}, chưa có bảng nào: sausat init")
    if has not in migrate.steps():
        return _db("bad", f"{kind}, cấu trúc {has} mới hơn chương trình. Xin nâng cấp chương trình")
    if has != migrate.head():
        return _db("bad", f"{kind}, cấu trúc {has}, cần {migrate.head()}: sausat init")
    return _db("good", f"{kind}, {_bytes(size)}, bản cấu trúc mới nhất")


def _db(state: State, detail: str) -> Finding:
    return Finding("database", "Cơ sở dữ liệu", state, detail)


def _size(db: Database) -> int:
    asked = "SELECT pg_database_size(current_database())"
    if db.sqlite:
        asked = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    with db.reading() as session:
        return int(session.connection().execute(text(asked)).scalar_one())


def _network(settings: Settings) -> Iterator[Finding]:
    """The channels, and by the time in an answer of theirs this machine's clock."""
    skew = None
    if token := settings.telegram_token.get_secret_value():
        telegram, skew = _telegram(settings, token)
    else:
        telegram = _tg("off", "chưa đặt SAUSAT_TELEGRAM_TOKEN")
    zalo = doctor_zalo.asked(settings)
    if skew is None and zalo is not None:
        skew = _skew(zalo)
    yield _clock(settings, skew)
    yield telegram
    yield from doctor_zalo.reached(settings, zalo)
    if settings.public_url and not settings.webhook_secret.get_secret_value():
        how = "không dùng, hỏi liên tục; muốn dùng thì đặt SAUSAT_WEBHOOK_SECRET"
        yield Finding("webhook", "Webhook", "note", how)
    yield _pages(settings)


def _pages(settings: Settings) -> Finding:
    """Whether what Zalo cannot carry has a way: files, places, several photos at once."""
    name, label = "pages", "Trang gửi, tải tệp"
    missing = [
        variable
        for variable, value in (
            ("SAUSAT_PUBLIC_URL", settings.public_url),
            ("SAUSAT_LINK_SECRET", settings.link_secret.get_secret_value()),
        )
        if not value
    ]
    zalo = bool(settings.zalo_token.get_secret_value() or settings.zalo_oa_app_id)
    if missing:
        how = f"đặt {' và '.join(missing)}"
        if not zalo:
            return Finding(name, label, "off", f"Telegram không cần; có Zalo thì {how}")
        why = "người dùng Zalo chưa gửi được tệp, vị trí và chưa nhận được Word, Excel, biểu đồ"
        return Finding(name, label, "bad", f"{why}: {how}")
    url = httpx.URL(settings.public_url)
    if url.scheme != "https" and url.host not in ("127.0.0.1", "localhost", "::1"):
        return Finding(name, label, "bad", "SAUSAT_PUBLIC_URL phải là https:// để gửi được vị trí")
    return Finding(name, label, "good", f"{settings.public_url}, đường dẫn dùng được 30 phút")


def telegram_name(settings: Settings) -> str:
    """The bot's name on Telegram; "" without a token or a way out."""
    token = settings.telegram_token.get_secret_value()
    try:
        said = _get_me(settings, token).json() if token else {}
    except (httpx.HTTPError, ValueError):
        return ""
    return str(said.get("result", {}).get("username", ""))


def _get_me(settings: Settings, token: str) -> httpx.Response:
    with httpx.Client(proxy=settings.proxy or None, trust_env=False, timeout=WAIT) as client:
        return client.get(f"{settings.telegram_api}/bot{token}/getMe")


def _telegram(settings: Settings, token: str) -> tuple[Finding, timedelta | None]:
    host = httpx.URL(settings.telegram_api).host
    try:
        answer = _get_me(settings, token)
        said = answer.json()
    except (httpx.HTTPError, ValueError):
        return _tg("bad", f"không nối được {host}. {UNREACHED}"), None
    skew = _skew(answer)
    if not said.get("ok"):
        return _tg("bad", f"Telegram trả lời {answer.status_code}: xem lại mã của bot"), skew
    return _tg("good", f"@{said['result'].get('username', '')}, nối qua {way(settings)}"), skew


UNREACHED = "Nhà mạng có thể chặn: đặt SAUSAT_PROXY hoặc tắt kênh (để trống SAUSAT_TELEGRAM_TOKEN)"


def _tg(state: State, detail: str) -> Finding:
    return Finding("telegram", "Telegram", state, detail)


def _skew(answer: httpx.Response) -> timedelta | None:
    """How far this machine is from the server, whose header has whole seconds."""
    if "date" not in answer.headers:
        return None
    theirs = parsedate_to_datetime(answer.headers["date"]).astimezone(UTC)
    ahead = real() - theirs
    return max(ahead - timedelta(seconds=1), -ahead, timedelta())


def _clock(settings: Settings, skew: timedelta | None) -> Finding:
    zone = f"múi giờ {settings.timezone}"
    if skew is None:
        return Finding("clock", "Đồng hồ", "good", f"chưa so được với máy khác, {zone}")
    state: State = "good" if skew <= LARGEST_SKEW else "bad"
    return Finding(
        "clock", "Đồng hồ", state, f"lệch {decimal(skew.total_seconds(), 1)} giây, {zone}"
    )


def _disk(settings: Settings, db: Database) -> Finding:
    kept = [settings.files.absolute()]
    if db.sqlite and db.url.database:
        kept.append(Path(db.url.database).absolute())
    free = min(shutil.disk_usage(_existing(path)).free for path in kept)
    state: State = "good" if free >= LEAST_SPACE else "bad"
    return Finding("disk", "Ổ đĩa", state, f"còn {_bytes(free)}")


def _keys(settings: Settings) -> Iterator[Finding]:
    """What chains the audit log, and what restricted items need."""
    if settings.audit_keys:
        yield Finding("audit", "Lưu vết", "good", "có khóa; kiểm tra: sausat audit verify")
    else:
        yield Finding("audit", "Lưu vết", "note", "chưa nối: đặt SAUSAT_AUDIT_KEY")
    paged = bool(settings.public_url and settings.link_secret.get_secret_value())
    if not settings.content_keys:
        yield Finding("restricted", "Gửi riêng", "off", "chưa đặt SAUSAT_CONTENT_KEY")
    elif not paged:
        missing = "đặt thêm SAUSAT_PUBLIC_URL và SAUSAT_LINK_SECRET"
        yield Finding("restricted", "Gửi riêng", "bad", missing)
    else:
        yield Finding("restricted", "Gửi riêng", "good", "mã hóa bằng SAUSAT_CONTENT_KEY")


def _existing(path: Path) -> Path:
    return next(each for each in (path, *path.parents) if each.exists())


def _service(db: Database) -> Iterator[Finding]:
    """Whether it runs, how far behind it is, and what waits for a person."""
    try:
        behind = backlog(db)
    except ClockRefused as refused:
        yield Finding("service", "Dịch vụ", "bad", str(refused))
        return
    with db.reading() as session:
        runs = leases.holder_of(session.connection(), "clock", real())
    oldest = max(behind.oldest_unhandled_seconds, behind.oldest_unsent_seconds)
    late = f"tin chờ lâu nhất {decimal(oldest / 60, 1)} phút"
    if behind.is_bad:
        yield Finding("service", "Dịch vụ", "bad", late if runs else f"không chạy, {late}")
    elif runs:
        yield Finding("service", "Dịch vụ", "good", f"đang chạy, {late}")
    else:
        yield Finding("service", "Dịch vụ", "note", "không thấy đang chạy: sausat serve")
    yield _waiting("set_aside", "Tin để riêng", behind.set_aside)
    yield _waiting("failed", "Tin chưa gửi được", behind.failed)


def _waiting(name: str, label: str, count: int) -> Finding:
    if not count:
        return Finding(name, label, "good", "không có")
    return Finding(name, label, "note", "xem: sausat retry --list", count)


def _people(db: Database) -> Iterator[Finding]:
    with db.reading() as session:
        connection = session.connection()
        everybody = int(connection.execute(select(func.count(col(Person.id)))).scalar_one())
        linked = select(func.count(func.distinct(col(Account.person_id))))
        linked = linked.where(col(Account.state).in_(("linked", "confirmed", "unreachable")))
        missing = everybody - int(connection.execute(linked).scalar_one())
    if not everybody:
        yield Finding("people", "Danh sách", "note", "chưa có ai: sausat import tệp.xlsx")
    elif missing:
        yield Finding("people", "Chưa kết nối", "note", "cấp mã: sausat invite --all", missing)
    else:
        yield Finding("people", "Kết nối", "good", f"{vietnamese_number(everybody)} người")


def _saved(db: Database) -> Iterator[Finding]:
    with db.reading() as session:
        last = value(session, LAST, ALWAYS)
    how = "sausat backup /duong/dan"
    if last is None:
        yield Finding("backup", "Sao lưu", "bad", f"chưa có lần nào: {how}")
        return
    ago = real() - datetime.fromisoformat(last)
    when = f"lần cuối {_ago(ago)}"
    if ago > LONGEST_SINCE_BACKUP:
        yield Finding("backup", "Sao lưu", "bad", f"{when}: {how}")
    else:
        yield Finding("backup", "Sao lưu", "good", when)


def _ago(time: timedelta) -> str:
    hours = int(time.total_seconds() // 3600)
    return f"{time.days} ngày trước" if time.days else f"{hours} giờ trước" if hours else "vừa xong"


def _bytes(size: int) -> str:
    for unit, of in (("GB", 1 << 30), ("MB", 1 << 20)):
        if size >= of:
            return f"{vietnamese_number(size // of)} {unit}"
    return f"{vietnamese_number(size // 1024)} KB"
