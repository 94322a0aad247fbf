"""What a visit's card says of the commune: when it was told, and what its silence means."""

from datetime import date

from bot.desk import visit_words
from bot.work.viewers import viewer_for
from storage import visits
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import Exchange, Visit
from tests.work.mornings import Mornings, at


def card(here: Mornings, visit_id: int, who: str) -> str:
    with here.db.reading() as session:
        visit = session.get_one(Visit, visit_id)
        viewer = viewer_for(session, here.cast[who], date(2026, 11, 26))
        return visit_words.card(session, viewer, visit)


def filed(db: Database) -> tuple[Mornings, int]:
    """A visit to Hòa Mẫu of Tuesday, filed on that day."""
    here = Mornings.begin(db)
    number = here.visit("CB001", "HOAMAU", "2026-11-24")
    with db.writing() as session:
        session.get_one(Visit, number).submitted_at = at("2026-11-24", "16:00")
    return here, number


def test_silence_of_three_working_days_after_it_was_told_is_agreement(db: Database) -> None:
    here, number = filed(db)
    assert "Xã được thông tin" not in card(here, number, "CB001")

    here.morning("2026-11-25")

    said = "Xã được thông tin 25/11; sau 30/11 không trao đổi thêm là thống nhất"
    for who in ("CB001", "XA01", "UV01"):
        assert said in card(here, number, who)


def test_what_the_commune_has_to_say_stands_there_by_its_code(db: Database) -> None:
    here, number = filed(db)
    here.morning("2026-11-25")
    with db.writing() as session:
        seen = visits.by_number(session, SYSTEM, session.get_one(Visit, number).number)
        assert seen is not None
        session.add(
            Exchange(
                number=205,
                area_id=seen.area_id,
                cadre_id=seen.person_id,
                visit_id=number,
                begun_by="commune",
                begun_at=at("2026-11-25", "09:00"),
                due_on=date(2026, 12, 2),
            )
        )

    assert "Xã được thông tin 25/11; trao đổi thêm: TR-205" in card(here, number, "CB001")
