"""What a person may ask for: a copy of all that is held about them, and its erasure."""

import json
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from bot.messages import Rejected
from bot.rules.telephones import Cover
from bot.rules.zone import day_of, local
from bot.words import full_day, vietnamese_number
from bot.work.export import as_iso
from bot.work.retain import delete_files
from storage import audit, people, personal
from storage.database import Database
from storage.tables import Person

READ_FIRST = "DOC-TRUOC.txt"
DATA = "du-lieu.json"
ABOUT = (
    "Dữ liệu hệ thống Sâu Sát giữ về {name} ({code}), lập lúc {when}.\n"
    "{data}: mọi dòng có tên hoặc tài khoản của người này, theo bảng. "
    "Thư mục tep: ảnh, ghi âm, tệp đã gửi. Số máy của người khác trong lời tin đã được che.\n"
    "Nội dung gửi riêng Thường trực (nếu có) không nằm ở đây; người gửi tự xem trên trang "
    "bảo mật.\n"
)
CERTIFICATE = (
    "GIẤY XÁC NHẬN XÓA DỮ LIỆU CÁ NHÂN\n"
    "Mã trong danh sách: {code}\n"
    "Thời điểm: {when}\n"
    "Đã xóa hoặc thay:\n{lines}\n"
    "Còn giữ: phiếu đi cơ sở, kiến nghị, trao đổi, bản tổng hợp và sổ lưu vết, là hồ sơ "
    "công vụ, dưới mã {code}. Lời văn do người khác viết và bản tổng hợp đã gửi không sửa.\n"
    "Bản sao lưu làm trước thời điểm này còn dữ liệu cũ: bỏ theo lịch giữ bản sao lưu, và xóa "
    "lại sau mỗi lần khôi phục.\n"
    "Dòng lưu vết: person.erase, {code}.\n"
)
SHOWN = {
    "person": "họ tên, chức vụ, đơn vị, số máy",
    "account": "tài khoản Telegram, Zalo",
    "inbox": "lời tin đến",
    "outbox": "lời tin đi",
    "draft": "phiếu ghi dở, lời đã trả lời",
    "attachment": "tên người gửi ảnh; ghi âm và tệp rời",
    "companion": "tên ghi cùng đi",
    "absence": "lý do vắng",
    "visit": "vị trí máy khi ghi phiếu",
    "snooze": "hẹn nhắc lại",
    "preference": "kênh ưa dùng",
    "signal": "mục cần xem lại và lời nói rõ thêm",
}


@dataclass(frozen=True)
class Erased:
    """How many rows of which table, and the certificate."""

    rows: dict[str, int]
    certificate: str


def export(db: Database, files: Path, code: str, to: Path, at: datetime) -> Counter[str]:
    """Write the archive; how many rows of which table it holds."""
    if to.exists():
        raise Rejected(f"{to} đã có. Xin chọn tên khác.")
    with db.writing() as session:
        person = _person(session, code)
        audit.through(session, "cli")
        audit.note(session, "person.export", "person", person.id, at=at)
    found: dict[str, list[dict[str, Any]]] = {}
    with db.reading() as session:
        cover = Cover(person.phone, [one.phone for one in people.everybody(session)])
        for table, row in personal.held(session, person):
            found.setdefault(table, []).append(_without_numbers(row, cover))
    to.touch(mode=0o600)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(found, ensure_ascii=False, indent=1, default=as_iso)
        archive.writestr(DATA, text)
        about = ABOUT.format(name=person.full_name, code=code, when=_when(at), data=DATA)
        archive.writestr(READ_FIRST, about)
        for path in sorted({row["path"] for row in found.get("attachment", []) if row["path"]}):
            if (files / path).is_file():
                archive.write(files / path, f"tep/{path}")
    return Counter({table: len(rows) for table, rows in found.items()})


def _without_numbers(held: Any, cover: Cover) -> Any:
    """A row, or something in it, without the telephone numbers of others."""
    if isinstance(held, str):
        return cover(held)
    if isinstance(held, dict):
        return {key: _without_numbers(value, cover) for key, value in held.items()}
    if isinstance(held, list):
        return [_without_numbers(value, cover) for value in held]
    return held


def asked_for(db: Database, code: str, at: datetime) -> str:
    """Whom an erasure would concern, in words; Rejected while the person still serves."""
    with db.reading() as session:
        person = _person(session, code)
        if personal.serves(session, person, day_of(at)):
            raise Rejected(
                f"{code} còn vai trò hoặc phân công. Xin ghi ngày kết thúc trong danh sách trước."
            )
        return f"{person.full_name} ({code})"


def erase(db: Database, files: Path, code: str, at: datetime) -> Erased:
    """Erase it in one transaction, then the files; the log keeps that it was done."""
    asked_for(db, code, at)
    with db.writing() as session:
        person = _person(session, code)
        audit.through(session, "cli")
        rows, paths = personal.erase(session, person)
        audit.note(session, "person.erase", "person", person.id, at=at)
    delete_files(db, files.joinpath, paths)
    lines = "\n".join(
        f"- {SHOWN[name]}: {vietnamese_number(count)} dòng" for name, count in rows.items()
    )
    return Erased(rows, CERTIFICATE.format(code=code, when=_when(at), lines=lines))


def _person(session: Session, code: str) -> Person:
    person = people.by_code(session, code)
    if person is None:
        raise Rejected(f"Không có ai mang mã {code} trong danh sách.")
    return person


def _when(at: datetime) -> str:
    return f"{local(at):%H:%M} {full_day(day_of(at))}"
