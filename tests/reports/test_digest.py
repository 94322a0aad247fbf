"""The digest from planted data, through the real tables: its wording, its length, its sums."""

from datetime import timedelta

from bot.reports.chat import Cover, digest, screen_lines
from bot.reports.facts import Facts, span_of
from bot.reports.snapshots import Snapshot, compile_snapshot
from bot.rules.periods import period, previous
from storage.database import Database
from storage.facts import facts
from storage.scope import SYSTEM
from tests.reports.planted import CLOSE, plant, visit

OCTOBER = period("month", 2026, 10)
DIGEST = """\
TỔNG HỢP THÁNG 10/2026
Kính gửi đồng chí Phó Bí thư Thường trực

XIN Ý KIẾN (2)
KN-287 Hòa Mẫu: vốn nhà văn hóa
KN-294 Tân Mẫu: trụ sở dôi dư

NỔI LÊN: 27 kiến nghị mới, 21 xã
Đất đai, tái định cư 9 (tháng 9: 5)
Biên chế, cán bộ xã 6 (6)
Phần mềm một cửa 4 (7)
Lĩnh vực khác 8 (6)

GIẢI QUYẾT
Kỳ trước 38 + mới 27
= kết thúc 31 + còn 34 (quá hạn 7)

ĐI CƠ SỞ: 117/133 địa bàn, 88,0%
(tháng 9: 83,6%); chưa ghi nhận 16

HAI CHIỀU: 32/46 trao đổi, 69,6%

Chốt 17:00 03/11. Văn phòng đã rà soát. Lưu hành nội bộ."""
BOARD = Cover(to="đồng chí Phó Bí thư Thường trực")


def october(db: Database) -> Snapshot:
    with db.reading() as session:
        known = facts(session, SYSTEM, span_of(previous(OCTOBER), OCTOBER), cut=CLOSE)
    return compile_snapshot(Facts(known, OCTOBER))


def test_the_digest_is_the_one_the_standing_board_was_promised(db: Database) -> None:
    with db.writing() as session:
        plant(session)
    text = digest(october(db), BOARD)
    assert text == DIGEST
    assert screen_lines(text) == 25


def test_the_same_facts_give_the_same_hash_and_the_snapshot_survives_json(db: Database) -> None:
    with db.writing() as session:
        plant(session)
    first, second = october(db), october(db)
    assert first.sha256 == second.sha256
    assert Snapshot.from_json(first.to_json()).sha256 == first.sha256


def test_what_is_entered_after_the_cut_changes_nothing(db: Database) -> None:
    with db.writing() as session:
        planted = plant(session)
    before = october(db)
    with db.writing() as session:
        late = visit(9999, planted.followers[120], planted.areas[120], OCTOBER.start)
        late.submitted_at = CLOSE + timedelta(seconds=1)
        session.add(late)
    assert october(db).sha256 == before.sha256
