"""A cadre's own report of the year: figures from the log, words of his own, all of them one sum."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from sqlmodel import Session, select

from bot import files
from bot.conversation.form import Answer, Draft
from bot.desk import compiling, year_reports
from bot.desk.contract import Start, Words
from bot.desk.sent_files import may_have
from bot.forms import FORMS
from bot.layout.checking import check
from bot.layout.profiles import PROFILES
from bot.messages import Incoming, Outgoing, Rejected
from bot.reports.checks import violations
from bot.rules.periods import period
from bot.work.viewers import viewer_for
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import Report, ReportEvent, metadata
from tests.reports.planted import Planted, plant

NOW = datetime(2026, 12, 28, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")).astimezone(UTC)
YEAR = period("year", 2026)


@pytest.fixture(scope="module")
def cast_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Planted]]:
    path: Path = tmp_path_factory.mktemp("year")
    db = Database(f"sqlite:///{path / 'year.db'}")
    metadata.create_all(db.engine)
    with db.writing() as session:
        cast = plant(session)
    files.use(path)
    yield db, cast
    files.use(Path("files"))
    db.close()


def says(session: Session, person: int, rest: str = "") -> Outgoing | Start:
    viewer = viewer_for(session, person, NOW.date())
    words = Words(Incoming(text="baocaonam"), "baocaonam", rest=rest)
    [said] = year_reports.act(session, viewer, words, NOW)
    assert isinstance(said, (Outgoing, Start))
    return said


def text(session: Session, person: int, rest: str = "") -> str:
    said = says(session, person, rest)
    assert isinstance(said, Outgoing)
    return said.text


def test_the_visits_of_all_cadres_sum_to_the_compiled_report(
    cast_of: tuple[Database, Planted],
) -> None:
    db, cast = cast_of
    with db.reading() as session:
        known = compiling.known_of(session, SYSTEM, YEAR, cut=NOW)
        whole = compiling.snapshot_of(session, SYSTEM, YEAR, cut=NOW)
        one = compiling.snapshot_of_person(session, cast.followers[0], YEAR, NOW)
    assert violations(whole) == []
    for name in ("visits", "recorded", "exchanges"):
        own = [whole.value(f"{name}~{row.id}") for row in known.people]
        assert sum(own) == whole.value(name) > 0
        assert one.value(name) == whole.value(f"{name}~{cast.followers[0]}")
    assert one.figures["visits"].all_ids() == whole.figures[f"visits~{cast.followers[0]}"].all_ids()


def test_it_is_drafted_worded_confirmed_and_then_stays(cast_of: tuple[Database, Planted]) -> None:
    db, cast = cast_of
    who = cast.followers[0]
    with db.writing() as session:
        draft = text(session, who)
        assert draft.startswith(
            "BÁO CÁO NĂM 2026, dự thảo từ phiếu đã ghi\nPhải đi 12 lượt, đã ghi nhận 2"
        )
        assert "Phiếu đi cơ sở: 2" in draft
        start = says(session, who, "2026 nhanxet")
        assert isinstance(start, Start)
        answers = {**start.answers, "text": "Xã chuyển biến tốt.\nĐề nghị giữ cán bộ."}
        filled = Draft(start.form, answers={k: Answer(v) for k, v in answers.items()})
        viewer = viewer_for(session, who, NOW.date())
        assert FORMS[start.form].file(session, viewer, filled, NOW)[0].text.startswith("Đã ghi")
        assert "Đã xác nhận báo cáo năm 2026." in text(session, who, "2026 xacnhan")
        with pytest.raises(Rejected, match="Sửa lại"):
            says(session, who, "2026 nhanxet")
        row = session.exec(select(Report).where(Report.scope == f"can_bo:{who}")).one()
        assert (row.state, row.words["note"]) == ("confirmed", answers["text"])
        acts = [one.act for one in session.exec(select(ReportEvent).order_by(ReportEvent.id))]  # type: ignore[arg-type]  # a column
        assert acts == ["drafted", "edited", "confirmed"]
        assert "136 đồng chí được phân công: đã xác nhận 1, đang soạn 0, chưa soạn 135" in text(
            session, cast.people["VP01"]
        )
        assert "dự thảo" in text(session, who, "2026 sualai")


def test_its_paper_keeps_the_rules_and_reaches_nobody_else(
    cast_of: tuple[Database, Planted],
) -> None:
    db, cast = cast_of
    who, other = cast.followers[1], cast.followers[2]
    with db.writing() as session:
        said = says(session, who, "2026 tep")
        assert isinstance(said, Outgoing)
        [name] = said.files
        content = files.place(name).read_bytes()
        assert check(content, PROFILES["hd05"]) == []
        assert "của đồng chí Cán bộ 002" in Document(str(files.place(name))).paragraphs[1].text
        readers = {
            one: may_have(session, viewer_for(session, one, NOW.date()), name, NOW)
            for one in (who, other, cast.people["VP01"], cast.people["UV01"])
        }
    assert list(readers.values()) == [True, False, True, False]
    with pytest.raises(Rejected), db.writing() as session:
        says(session, cast.people["TC01"])
