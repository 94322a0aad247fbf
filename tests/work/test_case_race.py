"""Two people of one seat press at once: one counts, the other is told who was first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from sqlmodel import select

from storage.database import Database
from storage.tables import Case, CaseEvent, Person, Role
from tests.cast import NOW, Cast, cast
from tests.desk.counter import Counter

LATER = datetime(2026, 11, 25, 3, tzinfo=UTC)


def _asked_commune(db: Database) -> Cast:
    """KN-1 waits for the word of the commune, whose seat two people share."""
    with db.writing() as session:
        people = cast(session)
        second = Person(code="XA11", full_name="Bùi Văn Hai", post="Phó Bí thư Đảng ủy xã")
        session.add(second)
        session.flush()
        assert second.id is not None
        session.add(Role(person_id=second.id, role="co_so", area_id=people.area["HOAMAU"]))
        people.person["XA11"] = second.id
        desk = Counter(session, people, NOW)
        desk.says("CB001", "Kiến nghị: sửa cầu thôn 3, xã Hòa Mẫu")
        desk.presses("CB001", "Gửi")
        desk.says("UV01", "KN-1 giao Sở Xây dựng sửa ngay")
        desk.presses("UV01", "Đúng")
        desk.presses("CB001", "Đã thông tin lại xã")
    return people


def test_of_two_answers_at_once_one_counts_and_the_other_hears_who_was_first(
    db: Database,
) -> None:
    people = _asked_commune(db)

    def press(who: str, words: str) -> str:
        with db.writing() as session:
            return Counter(session, people, LATER).presses_token(who, f"KN-1 {words}")

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(press, "XA01", "xong:"), pool.submit(press, "XA11", "chua xong:")]
        said = [one.result() for one in both]
    with db.reading() as session:
        acts = session.exec(select(CaseEvent).where(CaseEvent.act.startswith("word_"))).all()
        case = session.exec(select(Case)).one()
    assert len(acts) == 1
    first = next(code for code, number in people.person.items() if number == acts[0].by_id)
    name = {"XA01": "Trần Thị Hòa", "XA11": "Bùi Văn Hai"}[first]
    assert case.commune_word == acts[0].act.removeprefix("word_")
    assert sum(one.startswith(f"KN-1: đồng chí {name} cho biết") for one in said) == 1
    assert sum(one.startswith("Đã ghi:") for one in said) == 1
