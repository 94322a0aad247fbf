"""Settings, days off and fields have their time."""

from datetime import date

from storage import settings
from storage.database import Database
from storage.tables import DayOff, FieldOfWork

JANUARY, JULY = date(2026, 1, 1), date(2026, 7, 1)


def test_a_value_is_in_force_from_its_day_on(db: Database) -> None:
    with db.writing() as session:
        settings.put(session, "chot_ngay", 2, JANUARY)
        settings.put(session, "chot_ngay", 1, JULY)
        assert settings.value(session, "chot_ngay", date(2026, 6, 30)) == 2
        assert settings.value(session, "chot_ngay", JULY) == 1
        assert settings.values(session, date(2026, 6, 30)) == {"chot_ngay": 2}


def test_before_the_first_day_the_default_holds(db: Database) -> None:
    with db.writing() as session:
        settings.put(session, "chot_ngay", 1, JULY)
        assert settings.value(session, "chot_ngay", JANUARY, 2) == 2
        assert settings.values(session, JANUARY) == {}


def test_setting_the_same_day_again_replaces_the_value(db: Database) -> None:
    with db.writing() as session:
        settings.put(session, "ngay_uy_vien", [0, 3], JANUARY)
        settings.put(session, "ngay_uy_vien", [1], JANUARY)
        assert settings.value(session, "ngay_uy_vien", JULY) == [1]


def test_a_field_is_offered_until_its_last_day(db: Database) -> None:
    with db.writing() as session:
        session.add(FieldOfWork(code="A", name="Cũ", to_date=date(2026, 6, 30)))
        session.add(FieldOfWork(code="B", name="Mới", from_date=JULY))
        session.flush()
        assert [f.code for f in settings.fields_of_work(session, date(2026, 6, 30))] == ["A"]
        assert [f.code for f in settings.fields_of_work(session, JULY)] == ["B"]


def test_days_off_come_in_order(db: Database) -> None:
    with db.writing() as session:
        session.add(DayOff(day=JULY, working=True))
        session.add(DayOff(day=JANUARY, name="Nghỉ"))
        session.flush()
        assert [off.day for off in settings.days_off(session)] == [JANUARY, JULY]
