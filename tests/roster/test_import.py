"""An import is all or nothing, names every bad row, and may be run again."""

import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlmodel import Session, select

from bot.roster.loading import import_roster
from bot.roster.problems import ImportFailed
from bot.work.viewers import viewer_for
from storage import areas, assignments, people, settings
from storage.database import Database
from storage.tables import (
    Absence,
    Area,
    Assignment,
    Case,
    CaseEvent,
    Person,
    Role,
    Visit,
)
from tests.cast import NOW, TODAY
from tests.roster.books import AREAS, ASSIGNMENTS, PEOPLE, book, whole


def _problems(db: Database, path: Path) -> list[str]:
    with pytest.raises(ImportFailed) as failed:
        import_roster(db, path, NOW)
    with db.reading() as session:
        assert session.exec(select(Area)).all() == []
        assert session.exec(select(Person)).all() == []
    return [str(problem) for problem in failed.value.problems]


def _one(session: Session, model: Any) -> Any:
    return session.exec(select(model)).one()


def test_a_good_workbook_is_imported_whole(db: Database, tmp_path: Path) -> None:
    result = import_roster(db, whole(tmp_path), NOW)
    with db.reading() as session:
        followers = assignments.followers(session, _area(session, "HOAMAU"), TODAY)
        seat = people.seat(session, _area(session, "HOAMAU"), TODAY)
        member = people.by_code(session, "UV01")
        assert member is not None
        assert member.id is not None
        assert viewer_for(session, member.id, TODAY).in_charge == areas.below(
            session, _area(session, "TINH")
        )
    assert [person.full_name for person in followers] == ["Nguyễn Văn Mẫu"]
    assert [person.code for person in seat] == ["XA01"]
    assert "phan_cong: 3 mới" in result.said()
    assert result.warnings == ()


def _area(session: Session, code: str) -> int:
    area = areas.by_code(session, code)
    assert area is not None
    assert area.id is not None
    return area.id


def test_importing_again_changes_nothing(db: Database, tmp_path: Path) -> None:
    import_roster(db, whole(tmp_path), NOW)
    again = import_roster(db, whole(tmp_path), NOW)
    assert not again.changed
    assert again.said().startswith("Danh sách không có gì mới.")
    with db.reading() as session:
        for model, count in ((Area, 3), (Person, 3), (Role, 1), (Assignment, 3)):
            assert len(session.exec(select(model)).all()) == count


def test_a_changed_row_changes_the_row_and_nothing_else(db: Database, tmp_path: Path) -> None:
    import_roster(db, whole(tmp_path), NOW)
    path = whole(tmp_path, can_bo=PEOPLE.replace("Giám đốc Sở", "Phó Giám đốc Sở"))
    result = import_roster(db, path, NOW)
    assert "can_bo: 1 sửa, 2 giữ nguyên" in result.said()
    with db.reading() as session:
        person = people.by_code(session, "CB001")
    assert person is not None
    assert person.post == "Phó Giám đốc Sở Công Thương"


def test_a_row_that_is_left_out_stays_and_an_end_date_ends_it(db: Database, tmp_path: Path) -> None:
    import_roster(db, whole(tmp_path), NOW)
    ended = "CB001 | HOAMAU | 02-QĐ/TU | theo_doi | 29/4/2021 | 31/10/2026"
    result = import_roster(db, whole(tmp_path, phan_cong=ended), NOW)
    with db.reading() as session:
        free = [area.code for area in assignments.unfollowed(session, TODAY)]
        assert len(session.exec(select(Assignment)).all()) == 3
    assert free == ["HOAMAU"]
    assert result.warnings == ("1 địa bàn chưa có người theo dõi: Xã Hòa Mẫu",)


def test_a_column_that_is_left_out_keeps_what_is_stored(db: Database, tmp_path: Path) -> None:
    import_roster(db, whole(tmp_path), NOW)
    short = tmp_path / "short"
    short.mkdir()
    (short / "can_bo.csv").write_text("ma,ho_ten\nCB001,Nguyễn Văn Mẫu\n", encoding="utf-8")
    assert not import_roster(db, short, NOW).changed


def test_an_unknown_area_is_named_with_sheet_row_and_column(db: Database, tmp_path: Path) -> None:
    path = whole(tmp_path, phan_cong=ASSIGNMENTS.replace("TANMAU", "23A"))
    assert _problems(db, path) == [
        'phan_cong, dòng 3, cột ma_dia_ban: "23A" không có trong dia_ban.'
    ]
    with pytest.raises(ImportFailed, match=r"Chưa nhập dòng nào\. Sửa rồi nhập lại\."):
        import_roster(db, path, NOW)


BAD_ROWS = [
    ("can_bo", "CB 1 | A", 'can_bo, dòng 2, cột ma: "CB 1" có dấu cách, mã phải viết liền.'),
    ("can_bo", "CB001 |", "can_bo, dòng 2, cột ho_ten: chưa ghi."),
    ("can_bo", "C1 | A\nC1 | B", "can_bo, dòng 3, cột ma: trùng với dòng 2."),
    ("can_bo", "C1 | A | | | 12", 'can_bo, dòng 2, cột dien_thoai: "12" không phải số điện thoại.'),
    ("can_bo", "C1 | A | | | | nhất", 'can_bo, dòng 2, cột thu_tu: "nhất" phải là số nguyên.'),
    ("dia_ban", "A | A | xa", "dia_ban, dòng 2, cột ma_cha: chưa ghi mã cấp trên."),
    ("dia_ban", "A | A | tinh | B", 'dia_ban, dòng 2, cột ma_cha: "B" không có trong dia_ban.'),
    (
        "dia_ban",
        "A | A | tinh\nB | B | xa | A\nC | C | huyen | B",
        'dia_ban, dòng 4, cột ma_cha: "B" (cấp xa) không thể là cấp trên của cấp huyen.',
    ),
    (
        "dia_ban",
        "A | A | to_chuc | B\nB | B | to_chuc | A",
        'dia_ban, dòng 2, cột ma_cha: "B" tạo thành vòng.',
    ),
    (
        "dia_ban",
        "A | A | tinh | | 1/7/2025 | 30/6/2025",
        "dia_ban, dòng 2, cột den_ngay: 30/06/2025 trước ngày bắt đầu 01/07/2025.",
    ),
    (
        "dia_ban",
        "A | A | tinh | | 31/2/2025",
        'dia_ban, dòng 2, cột tu_ngay: "31/2/2025" không có trong lịch.',
    ),
    (
        "quy_dinh",
        "02-QĐ/TU | hôm qua",
        'quy_dinh, dòng 2, cột ngay: "hôm qua" không phải ngày, ví dụ 29/4/2021.',
    ),
    (
        "cai_dat",
        "chot_ngay | hai",
        'cai_dat, dòng 2, cột gia_tri: "hai" phải là số nguyên, ví dụ 2.',
    ),
]


@pytest.mark.parametrize(("sheet", "rows", "said"), BAD_ROWS)
def test_a_bad_row_is_named_with_its_reason(
    db: Database, tmp_path: Path, sheet: str, rows: str, said: str
) -> None:
    assert said in _problems(db, book(tmp_path, **{sheet: rows}))


@pytest.mark.parametrize(
    ("sheet", "rows", "said"),
    [
        ("vai_tro", "XA01 | co_so", "cột ma_dia_ban: vai trò co_so phải ghi mã xã."),
        ("vai_tro", "XA01 | vua", 'cột vai_tro: "vua" không dùng được; ghi một trong:'),
        ("vai_tro", "XA01 | giup_viec", "cột ma_nguoi_duoc_giup: vai trò giup_viec phải ghi"),
        ("vai_tro", "XA01 | giup_viec | | XA01", "không thể là chính người giúp việc."),
        ("vai_tro", "XA01 | duyet | | CB001", "chỉ ghi cho vai trò giup_viec."),
        ("vang_mat", "CB001 | | 1/11/2026 | 1/10/2026 | mien", "trước ngày bắt đầu 01/11/2026."),
        ("chuyen_di", "CB001 | HOAMAU | 1/3/2026", "phải có ít nhất một trong nam, gop_y"),
        (
            "kien_nghi",
            "HOAMAU | 3/3/2026 | Sửa cầu | CB001 | | | XX",
            'cột linh_vuc: "XX" không có trong linh_vuc.',
        ),
        (
            "kien_nghi",
            "HOAMAU | 3/3/2026 | Sửa cầu | CB001 | | | | | | | 2/3/2026",
            "cột ngay_ket_thuc: 02/03/2026 trước ngày gửi 03/03/2026.",
        ),
        (
            "phan_cong",
            "CB001 | HOAMAU | 02-QĐ/TU | theo_doi | 1/1/2026\n"
            "CB001 | HOAMAU | 02-QĐ/TU | theo_doi | 1/2/2026",
            "dòng 3, cột tu_ngay: chồng thời gian với dòng 2.",
        ),
        ("ke_tuc", "HOAMAU | HOAMAU", "ke_tuc, dòng 2, cột ma_moi: trùng với mã cũ."),
        ("cai_dat", "chot | 2", 'cai_dat, dòng 2, cột khoa: "chot" không phải cài đặt; có:'),
    ],
)
def test_a_row_that_agrees_with_nothing_is_named(
    db: Database, tmp_path: Path, sheet: str, rows: str, said: str
) -> None:
    (problem,) = _problems(db, whole(tmp_path, **{sheet: rows}))
    assert said in problem


def test_every_bad_row_is_reported_at_once(db: Database, tmp_path: Path) -> None:
    people_rows = "".join(f"C{n} |\n" for n in range(30))
    assert len(_problems(db, book(tmp_path, can_bo=people_rows))) == 30
    with pytest.raises(ImportFailed, match=r"Còn 10 lỗi khác\."):
        import_roster(db, tmp_path, NOW)


def test_a_bad_person_is_not_reported_again_where_it_is_named(db: Database, tmp_path: Path) -> None:
    rows = PEOPLE.replace("Trần Thị Hòa", "")
    assert _problems(db, whole(tmp_path, can_bo=rows)) == ["can_bo, dòng 4, cột ho_ten: chưa ghi."]


def test_an_assignment_that_overlaps_a_stored_one_is_refused(db: Database, tmp_path: Path) -> None:
    import_roster(db, whole(tmp_path), NOW)
    path = whole(tmp_path, phan_cong="CB001 | HOAMAU | 02-QĐ/TU | theo_doi | 1/5/2026")
    with pytest.raises(ImportFailed, match="chồng thời gian với phân công đã có"):
        import_roster(db, path, NOW)


def test_two_followers_of_one_area_are_allowed(db: Database, tmp_path: Path) -> None:
    path = whole(
        tmp_path, phan_cong=ASSIGNMENTS + "XA01 | HOAMAU | 02-QĐ/TU | theo_doi | 29/4/2021"
    )
    import_roster(db, path, NOW)
    with db.reading() as session:
        followers = assignments.followers(session, _area(session, "HOAMAU"), TODAY)
    assert len(followers) == 2


def test_unknown_sheets_and_columns_are_named(db: Database, tmp_path: Path) -> None:
    (tmp_path / "canbo.csv").write_text("ma,ho_ten\nA,B\n", encoding="utf-8")
    (tmp_path / "dia_ban.csv").write_text("ma,ten,cap,mau\nA,B,tinh,đỏ\n", encoding="utf-8")
    said = _problems(db, tmp_path)
    assert any(
        line.startswith("canbo: không phải bảng của danh sách; có: dia_ban") for line in said
    )
    assert any(line.startswith("dia_ban, cột mau: không có cột này; các cột: ma") for line in said)


def test_a_missing_column_is_named(db: Database, tmp_path: Path) -> None:
    (tmp_path / "can_bo.csv").write_text("ma\nA\n", encoding="utf-8")
    assert _problems(db, tmp_path) == ["can_bo, cột ho_ten: thiếu cột này."]


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"", b"not a workbook"])
def test_a_file_that_is_no_workbook_is_refused(
    db: Database, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "danh-sach.xlsx"
    path.write_bytes(content)
    assert _problems(db, path) == [
        "danh-sach.xlsx: không mở được; cần tệp .xlsx hoặc thư mục các tệp .csv."
    ]


def test_a_missing_file_is_named(db: Database, tmp_path: Path) -> None:
    assert _problems(db, tmp_path / "a.xlsx") == ["a.xlsx: không tìm thấy tệp."]


def test_cells_of_a_spreadsheet_are_read_as_people_see_them(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "danh-sach.xlsx"
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "Địa bàn"
    page.append(["Mã", "Tên", "Cấp", "Mã cha", "Từ ngày"])
    page.append([25, "  Tỉnh   Mẫu ", "Tỉnh, thành phố", None, date(2025, 7, 1)])
    page.append([3353.0, "Xa\u0303 Ho\u0300a Mẫu", "xa", 25, "1.7.2025"])
    page.append([None, None])
    people_page = book.create_sheet("can_bo")
    people_page.append(["ma", "ho_ten", "dien_thoai"])
    people_page.append(["CB001", "Nguyễn Văn Mẫu", 900000001])
    book.create_sheet("Sheet1")
    book.save(path)
    import_roster(db, path, NOW)
    with db.reading() as session:
        province, commune = areas.by_code(session, "25"), areas.by_code(session, "3353")
        person = people.by_code(session, "CB001")
    assert province is not None
    assert commune is not None
    assert person is not None
    assert (province.name, province.valid_from) == ("Tỉnh Mẫu", date(2025, 7, 1))
    assert (commune.name, commune.parent_id) == ("Xã Hòa Mẫu", province.id)
    assert commune.valid_from == date(2025, 7, 1)
    assert person.phone == "0900000001"


def test_a_broken_formula_is_named(db: Database, tmp_path: Path) -> None:
    path = book(tmp_path, can_bo="CB001 | #N/A")
    assert "can_bo, dòng 2, cột ho_ten: ô báo lỗi #N/A." in _problems(db, path)


def test_a_parent_may_stand_below_its_children(db: Database, tmp_path: Path) -> None:
    import_roster(db, book(tmp_path, dia_ban="B | Xã B | xa | A\nA | Tỉnh A | tinh"), NOW)
    with db.reading() as session:
        assert areas.line(session, _area(session, "B")) == [
            _area(session, "B"),
            _area(session, "A"),
        ]


def test_a_whole_list_gives_the_order_and_a_part_does_not(db: Database, tmp_path: Path) -> None:
    import_roster(db, whole(tmp_path), NOW)
    import_roster(db, book(tmp_path / "part", dia_ban="LONGMAU | Xã Long Mẫu | xa | TINH"), NOW)
    with db.reading() as session:
        named = [area.code for area in areas.communes(session, TODAY)]
    assert named == ["HOAMAU", "TANMAU", "LONGMAU"]
    upside_down = "\n".join(reversed([*AREAS.strip().splitlines(), "LONGMAU|Xã Long Mẫu|xa|TINH"]))
    import_roster(db, book(tmp_path / "whole", dia_ban=upside_down), NOW)
    with db.reading() as session:
        named = [area.code for area in areas.communes(session, TODAY)]
    assert named == ["LONGMAU", "TANMAU", "HOAMAU"]


def test_settings_days_off_fields_and_absences_are_imported(db: Database, tmp_path: Path) -> None:
    path = whole(
        tmp_path,
        cai_dat="chot_ngay | 1 | 1/1/2027\nten_tinh_uy | Thành ủy",
        ngay_nghi="2/1/2027 | Nghỉ bù\n9/1/2027 | Làm bù | x",
        linh_vuc="GT | Giao thông | cầu, đường",
        vang_mat="CB001 | HOAMAU | 1/11/2026 | 30/11/2026 | mien | Đi học",
    )
    import_roster(db, path, NOW)
    import_roster(db, path, NOW)
    with db.reading() as session:
        assert settings.values(session, TODAY) == {"ten_tinh_uy": "Thành ủy"}
        assert settings.value(session, "chot_ngay", date(2027, 1, 1)) == 1
        assert [off.working for off in settings.days_off(session)] == [False, True]
        assert [field.code for field in settings.fields_of_work(session, TODAY)] == ["GT"]
        absence = _one(session, Absence)
    assert (absence.form, absence.reason, absence.state) == ("mien", "Đi học", "approved")


HISTORY = {
    "linh_vuc": "GT | Giao thông | cầu",
    "chuyen_di": "CB001 | HOAMAU | 5/3/2026 | thon | Bà con đồng thuận\n"
    "CB001 | TANMAU | 4/3/2026 | | | Góp ý | ",
    "kien_nghi": "HOAMAU | 5/3/2026 | Sửa cầu | CB001 | nhan_dan | | GT\n"
    "HOAMAU | 4/3/2026 | Điện yếu | XA01 | | | | 12-CV | | Đã nâng | 20/3/2026",
}


def test_earlier_visits_and_cases_come_in_once_in_the_order_of_their_days(
    db: Database, tmp_path: Path
) -> None:
    path = whole(tmp_path, **HISTORY)
    first = import_roster(db, path, NOW)
    second = import_roster(db, path, NOW)
    assert "chuyen_di: 2 mới" in first.said()
    assert not second.changed
    with db.reading() as session:
        visits = session.exec(select(Visit).order_by(Visit.number)).all()
        cases = session.exec(select(Case).order_by(Case.number)).all()
        acts = [event.act for event in session.exec(select(CaseEvent).order_by(CaseEvent.id))]
        member = people.by_code(session, "UV01")
    assert [visit.visited_on.day for visit in visits] == [4, 5]
    assert [visit.number for visit in visits] == [1, 2]
    assert visits[0].on_paper
    assert visits[0].submitted_at == datetime.fromisoformat("2026-03-04T10:00:00+00:00")
    assert [case.state for case in cases] == ["ended", "with_member"]
    assert (cases[0].document, cases[0].due_on, cases[0].owner_id) == ("12-CV", None, None)
    assert member is not None
    assert (cases[1].owner_id, cases[1].due_on) == (member.id, date(2026, 3, 16))
    assert acts == ["raise", "settle_by_document", "raise"]


def test_a_country_of_communes_is_imported_within_seconds(db: Database, tmp_path: Path) -> None:
    communes = "\n".join(f"X{n} | Xã {n} | xa | TINH" for n in range(3321))
    cadres = "\n".join(f"CB{n} | Cán bộ {n}" for n in range(3321))
    held = "\n".join(f"CB{n} | X{n} | 02-QĐ/TU | theo_doi | 1/7/2025" for n in range(3321))
    path = whole(
        tmp_path,
        dia_ban=f"TINH | Tỉnh Mẫu | tinh\n{communes}",
        can_bo=cadres,
        vai_tro="CB1 | co_so | X1",
        phan_cong=held,
    )
    began = time.perf_counter()
    result = import_roster(db, path, NOW)
    assert result.sheets["phan_cong"].new == 3321
    assert time.perf_counter() - began < 10
    assert result.warnings == ()


def test_progress_ends_at_the_end(db: Database, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    import_roster(db, whole(tmp_path), NOW, lambda done, total, what: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1]
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
