"""Every command: what it prints for people and for programs, and how it fails."""

import csv
import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlmodel import col, func, select

from bot.cli import app, main
from storage import audit, secrecy
from storage.database import Database
from storage.seals import Keys
from storage.tables import Account, Area, Assignment, Invite, Person
from tests.cast import cast

Run = Callable[..., tuple[int, str, str]]
HEAVY = {"sqlalchemy", "sqlmodel", "telegram", "matplotlib", "openpyxl", "docx", "alembic", "rich"}


@pytest.fixture
def run(
    blank: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
    logged: io.StringIO,
) -> Run:
    """Run the command line in this process; exit code, stdout, stderr."""
    for name in [name for name in os.environ if name.startswith("SAUSAT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SAUSAT_DATABASE_URL", blank.url.render_as_string(hide_password=False))
    monkeypatch.setenv("SAUSAT_FILES", str(tmp_path / "files"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["sausat", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfdbinary.readouterr()
        return int(ended.value.code or 0), out.decode(), err.decode()

    return run


@pytest.fixture
def ready(run: Run, laid: Database) -> Run:
    """An initialised database with the cast."""
    with laid.writing() as session:
        cast(session)
    return run


def test_help_names_every_command_and_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom bot import cli\nsys.argv = ['sausat', '--help']\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        f"print(sorted(set(sys.modules) & {HEAVY!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")
    for command in ("demo", "serve", "init", "import", "sample-roster", "invite", "revoke", "tick"):
        assert f"  {command} " in done.stdout
    for command in ("report", "export", "retry", "doctor", "backup", "restore"):
        assert f"  {command} " in done.stdout


@pytest.mark.parametrize("command", ["", "demo", "invite", "report", "retry", "audit verify"])
def test_the_help_is_in_vietnamese(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    app([*command.split(), "--help"], standalone_mode=False)
    printed = capsys.readouterr().out
    assert printed.startswith("Cách dùng: ")
    english = ("Usage", "Options", "OPTIONS", "Commands", "COMMAND", "Arguments", "Show", "default")
    assert [word for word in english if word in printed] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nope"], "Không có lệnh này"),
        (["--nope"], "--nope"),
        (["tick"], "--at"),
        (["tick", "--at", "yesterday"], "--at: không phải thời điểm, ví dụ 2026-11-24T07:15"),
        (["demo", "--port", "abc"], "--port: không phải số"),
        (["export"], "NOUN"),
        (["export", "people"], "visits, cases"),
        (["export", "visits", "--format", "pdf"], "json, csv, xlsx"),
        (["restore", "nowhere.zip"], "FILE: nowhere.zip không có tệp này"),
        (["check-docx", "."], "FILE: . là thư mục"),
        (["invite"], "--all"),
        (["invite", "NOBODY"], "NOBODY"),
        (["revoke", "NOBODY"], "NOBODY"),
        (["report", "--period", "2026-13"], "2026-13"),
        (["report", "--period", "2099-01"], "chưa đến"),
        (["report", "--period", "2026", "--profile", "x"], "chỉ có hd05, hd36, nd30"),
        (["report", "--period", "2026-10", "--area", "XX"], "XX"),
        (["sample-roster", "x.xlsx", "--province", "Hà Tây"], "Hà Tây"),
        (["serve"], "SAUSAT_TELEGRAM_TOKEN"),
    ],
)
def test_an_error_is_one_line_in_vietnamese(ready: Run, arguments: list[str], said: str) -> None:
    code, out, err = ready(*arguments)
    assert code != 0
    assert (out, err.count("\n")) == ("", 1)
    assert said in err


def test_a_port_in_use_is_named(ready: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, _, err = ready("demo", "--headless", "--port", str(port))
    assert code != 0
    assert err == f"--port: cổng {port} đang có chương trình khác dùng; thử --port {port + 1}\n"


def test_a_command_before_init_says_so(run: Run) -> None:
    code, _, err = run("export", "visits")
    assert (code, err) == (1, "Cơ sở dữ liệu chưa có cấu trúc mới nhất. Xin chạy: sausat init\n")


def test_a_bad_setting_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAUSAT_TIMEZONE", "Hanoi")
    code, _, err = run("init")
    assert (code, err.count("\n")) == (1, 1)
    assert err.startswith("SAUSAT_TIMEZONE: ")


def test_a_database_that_does_not_answer_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SAUSAT_DATABASE_URL", f"postgresql://u:secret@/x?host={tmp_path}")
    code, _, err = run("init")
    assert (code, err.count("\n")) == (1, 1)
    assert err.startswith("SAUSAT_DATABASE_URL: ")
    assert "secret" not in err


def test_a_roster_comes_in_and_everybody_gets_a_code(
    run: Run, blank: Database, tmp_path: Path
) -> None:
    run("init")
    assert run("sample-roster", "mau.xlsx")[0] == 0
    code, out, _ = run("import", "mau.xlsx", "--json")
    assert code == 0
    assert json.loads(out)["sheets"]["dia_ban"]["new"] == 136
    code, out, _ = run("invite", "--all", "--out", "phieu.docx", "--json")
    slips = json.loads(out)
    with blank.reading() as session:
        assert session.exec(select(func.count()).select_from(Person)).one() == len(slips)
        assert session.exec(select(func.count()).select_from(Area)).one() == 136
    assert set(slips[0]) >= {"person", "code", "expires_at"}
    assert "word/document.xml" in ZipFile(tmp_path / "phieu.docx").namelist()


def test_a_bad_roster_names_sheet_row_and_column(ready: Run, tmp_path: Path) -> None:
    folder = tmp_path / "danh_sach"
    folder.mkdir()
    (folder / "dia_ban.csv").write_text("ma,ten,cap\nX1,Xã Thử,lang\n", "utf-8")
    code, _, err = ready("import", folder)
    assert (code, err.count("\n")) == (1, 1)
    assert "dia_ban, dòng 2, cột cap" in err


def test_a_person_is_invited_and_cut_off(ready: Run, blank: Database) -> None:
    code, out, _ = ready("invite", "CB001")
    assert code == 0
    assert out.startswith("Mã của CB001: ")
    with blank.writing() as session:
        person = session.exec(select(Person.id).where(Person.code == "CB001")).one()
        session.add(Account(bot="t:1", external_id="1", person_id=person, state="confirmed"))
    assert ready("revoke", "CB001")[1].startswith("Đã ngắt 1 tài khoản của CB001.")
    with blank.reading() as session:
        assert session.exec(select(Account.person_id)).all() == [None]
        assert all(session.exec(select(Invite.revoked_at)).all())


def test_a_pass_of_the_clock_writes_what_is_due_once(ready: Run) -> None:
    rows = []
    for _ in range(2):
        assert ready("tick", "--at", "2026-11-27T07:15") == (0, "", "")
        rows.append(json.loads(ready("export", "outbox")[1]))
    assert rows[0] == rows[1]
    assert "Nguyễn Văn Mẫu" in json.dumps(rows[0], ensure_ascii=False)
    reminders = json.loads(ready("export", "reminders")[1])
    assert {row["made_at"] for row in reminders} == {"2026-11-27T00:15:00+00:00"}


def test_the_layout_of_any_word_file_is_checked(ready: Run, tmp_path: Path) -> None:
    assert ready("report", "--period", "2026-10", "--docx", "a.docx", "--profile", "nd30")[0] == 0
    code, out, _ = ready("check-docx", "a.docx", "--profile", "nd30")
    assert (code, out.startswith("Đúng thể thức Nghị định 30/2020/NĐ-CP")) == (0, True)
    code, out, _ = ready("check-docx", "a.docx", "--json")
    assert code == 1
    assert {"tieu-de", "so-ky-hieu"} <= {one["rule"] for one in json.loads(out)}
    (tmp_path / "b.docx").write_text("không phải Word")
    code, _, said = ready("check-docx", "b.docx")
    assert (code, said.startswith("Tệp không phải Word")) == (1, True)
    assert ready("report", "--period", "2026-10", "--profile", "hd01")[0] == 1


def test_a_report_is_text_data_and_picture(ready: Run, tmp_path: Path) -> None:
    files = ("--png", "a.png", "--docx", "a.docx", "--xlsx", "a.xlsx")
    code, out, _ = ready("report", "--period", "2026-10", *files)
    assert code == 0
    for name, part in (("a.docx", "word/document.xml"), ("a.xlsx", "xl/workbook.xml")):
        assert part in ZipFile(tmp_path / name).namelist()
    assert out.startswith("TỔNG HỢP THÁNG 10/2026\n")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads(ready("report", "--period", "2026-Q3", "--json")[1])["scope"] == "tinh"


def test_a_report_of_an_area_names_it(ready: Run, tmp_path: Path) -> None:
    area = ("report", "--period", "2026-10", "--area", "HOAMAU", "--docx", "a.docx")
    assert ready(*area)[1].startswith("TỔNG HỢP THÁNG 10/2026\nXã Hòa Mẫu\n")
    assert (
        "hỗ trợ xã Hòa Mẫu tháng 10/2026"
        in ZipFile(tmp_path / "a.docx").read("word/document.xml").decode()
    )


def test_an_export_goes_to_the_screen_or_a_file(ready: Run, tmp_path: Path) -> None:
    _, out, _ = ready("export", "assignments", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert {row["kind"] for row in rows} == {"theo_doi", "phu_trach"}
    assert ready("export", "assignments", "--format", "xlsx", "--out", "a.xlsx")[1] == ""
    assert (tmp_path / "a.xlsx").read_bytes().startswith(b"PK")


def test_the_page_of_a_handover_is_text_data_and_word(
    ready: Run, laid: Database, tmp_path: Path
) -> None:
    assert "chưa đổi người theo dõi" in ready("handover", "HOAMAU")[2]
    assert "Không có địa bàn mang mã NOPE" in ready("handover", "NOPE")[2]
    with laid.writing() as session:
        people = {one.code: one for one in session.exec(select(Person))}
        area = session.exec(select(Area).where(Area.code == "HOAMAU")).one()
        kept = col(Assignment.person_id) == people["CB001"].id, Assignment.area_id == area.id
        row = session.exec(select(Assignment).where(*kept)).one()
        row.to_date = date(2026, 11, 20)
        values = row.model_dump(exclude={"id", "to_date"})
        new = {"person_id": people["CB002"].id, "from_date": date(2026, 11, 21)}
        session.add(Assignment(**values | new))
    code, out, _ = ready("handover", "HOAMAU", "--docx", "a.docx")
    assert code == 0
    assert out.startswith("Bàn giao xã Hòa Mẫu từ 21/11/2026\nGiao: Nguyễn Văn Mẫu")
    assert ready("check-docx", "a.docx")[0] == 0
    told = json.loads(ready("handover", "HOAMAU", "--json")[1])
    assert (told["old"], told["new"], told["from"]) == ("CB001", "CB002", "2026-11-21")


def test_the_doctor_has_an_exit_code_for_scripts(ready: Run) -> None:
    code, out, _ = ready("doctor", "--json")
    found = {row["name"]: row["state"] for row in json.loads(out)}
    assert (code, found["backup"], found["database"]) == (1, "bad", "good")
    assert ready("backup", ".")[0] == 0
    code, out, _ = ready("doctor")
    assert code == 0, out
    assert "Sao lưu" in out


def test_a_backup_comes_back_through_the_command_line(
    ready: Run, bare: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert ready("backup", "b.zip") == (0, "Đã sao lưu vào b.zip\n", "")
    assert ready("restore", "b.zip")[0] == 1
    monkeypatch.setenv("SAUSAT_DATABASE_URL", bare.url.render_as_string(hide_password=False))
    monkeypatch.setenv("SAUSAT_FILES", str(tmp_path / "elsewhere"))
    assert ready("restore", "b.zip")[0] == 0
    assert json.loads(ready("export", "assignments")[1])


def test_nothing_set_aside_is_an_empty_list(ready: Run) -> None:
    assert json.loads(ready("retry", "--list", "--json")[1]) == []
    assert ready("retry")[1] == "Đưa vào thử lại: 0 tin nhận, 0 tin gửi.\n"


@pytest.fixture
def keyed(ready: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The same with keys for the log and for restricted content."""
    monkeypatch.setenv("SAUSAT_AUDIT_KEY", "a" * 32)
    monkeypatch.setenv("SAUSAT_CONTENT_KEY", "k" * 32)
    yield ready
    audit.use(Keys())
    secrecy.use([])


def test_the_log_is_examined_and_a_break_is_an_exit_code(keyed: Run, blank: Database) -> None:
    assert keyed("export", "visits", "--out", "visits.json")[0] == 0
    assert keyed("audit", "verify")[1].startswith("Lưu vết: 0 dòng đã nối, 1 dòng chờ nối.")
    assert keyed("tick", "--at", "2026-11-24T07:20")[0] == 0
    code, said, _ = keyed("audit", "verify")
    assert (code, "1 dòng đã nối" in said, "Nguyên vẹn" in said) == (0, True, True)
    seal = said.split("Dấu cuối: ")[1].strip()
    assert keyed("audit", "verify", "--seal", seal)[0] == 0
    assert "--seal" in keyed("audit", "verify", "--seal", "x")[2]

    with blank.writing() as session:
        session.connection().exec_driver_sql("UPDATE audit_entry SET verb = 'nothing'")
    code, said, _ = keyed("audit", "verify", "--json")
    assert (code, json.loads(said)["broken"]) == (1, "dòng thứ 1 không khớp dấu nối")


def test_without_a_key_the_log_says_what_to_set(ready: Run) -> None:
    code, _, said = ready("audit", "verify")
    assert (code, "SAUSAT_AUDIT_KEY" in said) == (1, True)
    assert "SAUSAT_CONTENT_KEY" in ready("rotate-key")[2]


def test_a_person_gets_a_copy_and_is_erased_after_being_asked(
    keyed: Run, blank: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keyed("person-export", "CB099", "--out", "ban.zip")[0] == 0
    assert "ban.zip" in keyed("person-export", "CB099", "--out", "ban.zip")[2]
    assert "phân công" in keyed("person-erase", "CB001", "--yes")[2]

    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert keyed("person-erase", "CB099")[0] == 130
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    code, said, _ = keyed("person-erase", "CB099")
    assert (code, "Giấy xác nhận: xoa-CB099.txt" in said) == (0, True)
    assert "Mã trong danh sách: CB099" in Path("xoa-CB099.txt").read_text("utf-8")
    with blank.reading() as session:
        names = session.exec(select(Person.full_name).where(Person.code == "CB099"))
        assert names.one() == "Cán bộ CB099"


def test_a_key_is_rotated(keyed: Run) -> None:
    assert keyed("rotate-key")[1].startswith("Đã mã hóa lại 0 nội dung")
