"""Reassignment: what is open goes to the successor, all of it and once; areas that merge."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from bot.desk import case_acts, case_notices
from bot.desk import reseating as desk
from bot.desk.case_acts import standing_of
from bot.desk.case_cards import Cards
from bot.rules.cases import sound
from bot.work.handing_over import hand_over
from bot.work.post import post
from bot.work.viewers import viewer_for
from storage import assignments, cases, commitments, talks, visits
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import (
    Area,
    AreaSuccessor,
    Assignment,
    Case,
    CaseEvent,
    Commitment,
    Directive,
    DirectiveTarget,
    Exchange,
    ExchangeMessage,
    Invitation,
    Outbox,
    Paper,
    Person,
    Role,
    Visit,
)
from tests.cast import NOW, TODAY, Cast, cast
from tests.desk.saying import Desk

EACH = 25  # things of each kind in each of two areas
TOMORROW = NOW + timedelta(days=1)


def visit(session: Session, people: Cast, area: str, number: int) -> int:
    row = Visit(
        number=number,
        person_id=people["CB001"],
        area_id=people.area[area],
        visited_on=TODAY,
        activity="lam_viec",
        advice="Công khai danh sách",
        begun_at=NOW,
        submitted_at=NOW,
        written_by_id=people["CB001"],
    )
    session.add(row)
    session.flush()
    return row.id or 0


def fill(session: Session, people: Cast, each: int = EACH) -> None:
    """Cases, exchanges, invitations, papers, commitments, directives: open ones of two areas."""
    old, number = people["CB001"], 0
    for area in ("HOAMAU", "TANMAU"):
        where, made_in = people.area[area], visit(session, people, area, 1000 + number)
        for _ in range(each):
            number += 1
            session.add(
                Case(
                    number=number,
                    area_id=where,
                    raised_by_id=old,
                    source="can_bo",
                    text=f"Sửa cầu số {number}",
                    state="answered",
                    owner_id=old,
                    due_on=TODAY + timedelta(days=9),
                    raised_at=NOW,
                    answer="Đã giao",
                    answered_at=NOW,
                )
            )
            exchange = Exchange(
                number=number,
                area_id=where,
                cadre_id=old,
                begun_by="commune",
                begun_at=NOW,
                due_on=TODAY,
            )
            session.add(exchange)
            session.flush()
            session.add(
                ExchangeMessage(
                    exchange_id=exchange.id or 0,
                    side="commune",
                    by_id=people["XA01"],
                    text="Xin ý kiến",
                    at=NOW,
                )
            )
            session.add(
                Commitment(
                    number=number, visit_id=made_in, area_id=where, text="Gửi mẫu", due_on=TODAY
                )
            )
            if area == "HOAMAU":
                session.add(
                    Invitation(
                        number=number,
                        area_id=where,
                        cadre_id=old,
                        sent_by_id=people["XA01"],
                        occasion="họp Đảng ủy",
                        starts_at=NOW + timedelta(days=5),
                        sent_at=NOW,
                        answer="accepted",
                    )
                )
                session.add(
                    Paper(
                        number=number,
                        area_id=where,
                        cadre_id=old,
                        sent_by_id=people["XA01"],
                        text="Dự thảo nghị quyết",
                        sent_at=NOW,
                        due_on=TODAY,
                    )
                )
        directive = Directive(
            number=number,
            text="Rà soát",
            issued_by_id=people["VP01"],
            issued_at=NOW,
            due_on=TODAY,
        )
        session.add(directive)
        session.flush()
        session.add(DirectiveTarget(directive_id=directive.id or 0, area_id=where, cadre_id=old))
    session.flush()


def held(session: Session) -> Counter[tuple[str, int | None]]:
    """Who holds how many open things, by kind."""
    found: Counter[tuple[str, int | None]] = Counter()
    found.update(("KN", row.owner_id) for row in cases.listed(session, SYSTEM, cases.open_now()))
    found.update(("TR", row.cadre_id) for row in talks.open_exchanges(session, SYSTEM))
    found.update(("GM", row.cadre_id) for row in session.exec(select(Invitation)))
    found.update(("VB", row.cadre_id) for row in session.exec(select(Paper)))
    found.update(("ND", row.cadre_id) for row in session.exec(select(DirectiveTarget)))
    found.update(
        ("VH", who) for _, who in commitments.falling_due(session, SYSTEM, date(2027, 1, 1))
    )
    return found


def end(session: Session, people: Cast, who: str, *areas: str, last: date) -> None:
    for area in areas or tuple(people.area):
        for row in session.exec(
            select(Assignment).where(
                Assignment.person_id == people[who], Assignment.area_id == people.area[area]
            )
        ):
            row.to_date = last
    session.flush()


def follow(session: Session, people: Cast, who: str, area_id: int, kind: str = "theo_doi") -> None:
    rule = session.exec(select(Assignment.regulation_id)).first() or 0
    session.add(
        Assignment(
            person_id=people[who],
            area_id=area_id,
            regulation_id=rule,
            kind=kind,
            from_date=TODAY + timedelta(days=1),
        )
    )
    session.flush()


def test_in_the_middle_of_two_hundred_open_things_none_is_lost_and_none_doubled(
    db: Database,
) -> None:
    with db.writing() as session:
        people = cast(session)
        fill(session, people)
        end(session, people, "CB001", last=TODAY)
        for area in ("HOAMAU", "TANMAU"):
            follow(session, people, "CB002", people.area[area])
        before = held(session)
    assert sum(before.values()) == 202
    old, new = people["CB001"], people["CB002"]
    assert {who for _, who in before} == {old}
    assert hand_over(db, NOW) == 0  # the last day is still the old one's
    assert hand_over(db, TOMORROW) > 0
    with db.writing() as session:
        after = held(session)
        assert after == {(kind, new): count for (kind, _), count in before.items()}
        assert all(sound(standing_of(c)) for c in cases.listed(session, SYSTEM))
        told = session.exec(select(CaseEvent).where(col(CaseEvent.act) == "hand_over")).all()
        assert len(told) == before["KN", old]
    assert hand_over(db, TOMORROW + timedelta(hours=1)) == 0
    with db.reading() as session:
        assert held(session) == after


def test_what_one_has_accepted_does_not_bind_the_other_and_what_was_said_stays(
    db: Database,
) -> None:
    with db.writing() as session:
        people = cast(session)
        fill(session, people, 1)
        end(session, people, "CB001", last=TODAY)
        follow(session, people, "CB002", people.area["HOAMAU"])
    hand_over(db, TOMORROW)
    with db.reading() as session:
        assert session.exec(select(Invitation)).one().answer == ""
        (here, *_) = talks.open_exchanges(session, viewer_for(session, people["CB002"], TODAY))
        assert [m.text for m in talks.messages(session, SYSTEM, here)] == ["Xin ý kiến"]


def test_the_old_follower_reads_what_he_wrote_and_nothing_new(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        fill(session, people, 1)
        end(session, people, "CB001", last=TODAY)
        for area in ("HOAMAU", "TANMAU"):
            follow(session, people, "CB002", people.area[area])
    hand_over(db, TOMORROW)
    with db.reading() as session:
        viewer = viewer_for(session, people["CB001"], TODAY + timedelta(days=1))
        assert not viewer.areas
        assert talks.open_exchanges(session, viewer) == []
        assert visits.by_number(session, viewer, 1000) is not None
        assert {c.raised_by_id for c in cases.listed(session, viewer)} == {people["CB001"]}


def test_a_page_goes_to_both_and_the_commune_hears_who_follows_it_now(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        fill(session, people, 2)
        end(session, people, "CB001", "HOAMAU", last=TODAY)
        follow(session, people, "CB002", people.area["HOAMAU"])
    hand_over(db, TOMORROW)
    with db.reading() as session:
        rows = {row.person_id: row.body["text"] for row in session.exec(select(Outbox))}
    assert set(rows) == {people["CB001"], people["CB002"], people["XA01"]}
    page = rows[people["CB002"]]
    assert page == rows[people["CB001"]]
    assert page.startswith("Bàn giao xã Hòa Mẫu từ 25/11/2026\nGiao: Nguyễn Văn Mẫu")
    assert all(code in page for code in ("KN-1", "KN-2", "TR-1", "GM-1", "VB-1", "VH-1", "ND-2"))
    assert len(page) <= 2000
    assert rows[people["XA01"]] == (
        "Từ 25/11/2026, đồng chí Đỗ Văn Thay (Phó Giám đốc Sở Công Thương) theo dõi xã Hòa Mẫu "
        "thay đồng chí Nguyễn Văn Mẫu."
    )


@pytest.mark.parametrize("who", ["VP01", "TC01", "CB002"])
def test_the_page_is_read_again_by_the_office_and_by_who_follows_now(
    db: Database, who: str
) -> None:
    with db.writing() as session:
        people = cast(session)
        fill(session, people, 2)
        end(session, people, "CB001", "HOAMAU", last=TODAY)
        follow(session, people, "CB002", people.area["HOAMAU"])
    hand_over(db, TOMORROW)
    with db.writing() as session:
        later = Desk(session, people, TOMORROW + timedelta(days=9))
        said = later.words(who, "bàn giao: Hòa Mẫu")
        assert said.startswith("Bàn giao xã Hòa Mẫu từ 25/11/2026\nGiao: Nguyễn Văn Mẫu")
        assert "KN-2" in said
        assert later.words(who, "/bangiao HOAMAU") == said


@pytest.mark.parametrize("who", ["CB001", "CB099", "XA01", "QT01"])
def test_the_page_is_not_for_who_has_left_nor_for_others(db: Database, who: str) -> None:
    with db.writing() as session:
        people = cast(session)
        fill(session, people, 1)
        end(session, people, "CB001", "HOAMAU", last=TODAY)
        follow(session, people, "CB002", people.area["HOAMAU"])
    hand_over(db, TOMORROW)
    with db.writing() as session:
        said = Desk(session, people, TOMORROW).words(who, "bàn giao: Hòa Mẫu")
        assert "KN-1" not in said
        assert said.startswith(("Mục này dành cho", "Chưa rõ địa bàn"))


def test_an_area_that_never_changed_hands_has_no_page(db: Database) -> None:
    with db.writing() as session:
        desk = Desk(session, cast(session))
        said = desk.words("VP01", "bàn giao: Long Mẫu")
    assert said == "Xã Long Mẫu chưa đổi người theo dõi lần nào."


def test_what_was_still_to_be_told_of_cases_there_does_not_reach_who_has_left(
    db: Database,
) -> None:
    with db.writing() as session:
        people = cast(session)
        commune = Desk(session, people)
        case = case_acts.create(
            session,
            commune.viewer("XA01"),
            case_acts.New(
                area_id=people.area["HOAMAU"],
                text="Xã thiếu 2 công chức địa chính",
                source="cap_uy",
                kind="kien_nghi",
                field_id=None,
                visit_id=None,
                outcome="passed_up",
                document="",
                raised_by_id=people["XA01"],
            ),
            NOW,
        )
        post(session, case_notices.raised(Cards(session, commune.viewer("XA01"), NOW), case))
        end(session, people, "CB001", "HOAMAU", last=TODAY)
        follow(session, people, "CB002", people.area["HOAMAU"])
    hand_over(db, TOMORROW)
    with db.reading() as session:
        mine = select(Outbox).where(
            Outbox.person_id == people["CB001"], Outbox.about_kind == "case"
        )
        assert {row.state for row in session.exec(mine)} == {"cancelled"}


def test_what_has_no_successor_is_listed_until_somebody_is_named(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        fill(session, people, 1)
        end(session, people, "CB001", "HOAMAU", last=TODAY)
    hand_over(db, TOMORROW)
    with db.writing() as session:
        office = Desk(session, people, TOMORROW)
        said = office.words("VP01", "bàn giao")
        assert "Chờ bàn giao: 5 việc" in said
        assert "Xã Hòa Mẫu: đồng chí Nguyễn Văn Mẫu thôi theo dõi, chưa có người nhận" in said
        assert "Bàn giao 5 việc chưa có người nhận" in office.words("VP01", "viec")
        assert "dành cho Văn phòng" in office.words("CB002", "bàn giao")
        case = session.exec(select(Case).where(Case.area_id == people.area["HOAMAU"])).one()
        assert (case.state, case.owner_area_id) == ("told", people.area["HOAMAU"])
        follow(session, people, "CB002", people.area["HOAMAU"])
    hand_over(db, TOMORROW + timedelta(hours=2))
    with db.writing() as session:
        assert Desk(session, people, TOMORROW).words("VP01", "bàn giao") == (
            "Không có việc nào chờ bàn giao."
        )
        left = {kind for kind, who in held(session) if who == people["CB002"]}
        assert left == {"TR", "GM", "VB", "VH", "ND"}


def test_the_cases_of_a_member_go_to_the_next_or_to_the_office(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        for number, area in enumerate(("HOAMAU", "TANMAU"), 1):
            session.add(
                Case(
                    number=number,
                    area_id=people.area[area],
                    raised_by_id=people["CB001"],
                    source="can_bo",
                    text="Sửa cầu",
                    state="with_member",
                    owner_id=people["UV01"],
                    due_on=TODAY,
                    raised_at=NOW,
                )
            )
        end(session, people, "UV01", last=TODAY)
        follow(session, people, "CB099", people.area["HOAMAU"], "phu_trach")
    hand_over(db, TOMORROW)
    with db.reading() as session:
        first, second = cases.listed(session, SYSTEM)
    assert (first.state, first.owner_id, first.due_on) == ("with_member", people["CB099"], TODAY)
    assert (second.state, second.owner_role) == ("with_office", "tong_hop")


def test_a_new_regulation_for_the_same_person_hands_nothing_over(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        fill(session, people, 1)
        end(session, people, "CB001", "HOAMAU", last=TODAY)
        follow(session, people, "CB001", people.area["HOAMAU"])
        before = held(session)
    assert hand_over(db, TOMORROW) == 0
    with db.reading() as session:
        assert held(session) == before
        assert not desk.due(session, TOMORROW)


def test_a_change_that_lies_ahead_happens_on_its_day_by_the_clock(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        fill(session, people, 1)
        staff = Desk(session, people)
        (sure,) = staff.says("TC01", "đổi người: Hòa Mẫu: CB002 từ 01/12/2026")
        staff.presses("TC01", sure.rows[0][0].token)
        assert len(staff.heard("XA01")) == 1
        before = held(session)
    hand_over(db, datetime(2026, 11, 30, 10, tzinfo=NOW.tzinfo))
    with db.reading() as session:
        assert held(session) == before
    hand_over(db, datetime(2026, 12, 1, 0, 5, tzinfo=NOW.tzinfo))
    with db.reading() as session:
        now = held(session)
        told = Counter(row.person_id for row in session.exec(select(Outbox)))
    assert now["TR", people["CB002"]] == 1
    # a page to both, an answer to carry to the new one; the commune has heard before
    assert told == {people["CB001"]: 1, people["CB002"]: 2}


def merged(session: Session, people: Cast, *names: str) -> list[int]:
    """Hòa Mẫu is no more; these stand where it stood, followed by CB002, with its old seat."""
    old = session.get_one(Area, people.area["HOAMAU"])
    old.valid_to = TODAY
    ids = []
    for name in names:
        new = Area(code=name.upper(), name=f"Xã {name}", level="xa", parent_id=old.parent_id)
        session.add(new)
        session.flush()
        session.add(AreaSuccessor(old_id=old.id or 0, new_id=new.id or 0))
        follow(session, people, "CB002", new.id or 0)
        session.add(Role(person_id=people["XA01"], role="co_so", area_id=new.id))
        ids.append(new.id or 0)
    end(session, people, "CB001", "HOAMAU", last=TODAY)
    return ids


def test_an_area_that_merges_carries_what_is_open_along(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        fill(session, people, 2)
        session.add(
            Case(
                number=90,
                area_id=people.area["HOAMAU"],
                raised_by_id=people["CB001"],
                source="can_bo",
                text="Nước sạch",
                state="told",
                owner_area_id=people.area["HOAMAU"],
                due_on=TODAY,
                raised_at=NOW,
            )
        )
        (new,) = merged(session, people, "Mẫu Mới")
        before = sum(held(session).values())
    hand_over(db, TOMORROW)
    with db.reading() as session:
        after = held(session)
        assert sum(after.values()) == before
        theirs = cases.listed(session, SYSTEM, col(Case.area_id) == new)
        assert [c.number for c in theirs] == [1, 2, 90]
        assert {c.owner_id for c in theirs[:2]} == {people["CB002"]}
        assert (theirs[2].owner_area_id, theirs[2].state) == (new, "told")
        assert after["TR", people["CB002"]] == 2
        assert not desk.due(session, TOMORROW)


def test_of_a_split_area_a_thing_goes_where_it_names_else_the_office_decides(
    db: Database,
) -> None:
    with db.writing() as session:
        people = cast(session)
        fill(session, people, 1)
        here = session.exec(select(Case).where(Case.area_id == people.area["HOAMAU"])).one()
        here.text = "Sửa cầu ở Mẫu Tây"
        east, west = merged(session, people, "Mẫu Đông", "Mẫu Tây")
    hand_over(db, TOMORROW)
    with db.writing() as session:
        staff = Desk(session, people, TOMORROW)
        assert session.exec(select(Case.area_id).where(Case.number == here.number)).one() == west
        assert "Xã Hòa Mẫu đã hết hiệu lực, chưa rõ chuyển về đâu: 5 việc" in staff.words(
            "VP01", "bàn giao"
        )
        assert staff.presses("VP01", "chuyen dia ban TR-1 MẪU ĐÔNG")[0].text == (
            "Đã chuyển TR-1 sang xã Mẫu Đông."
        )
        exchange = session.exec(select(Exchange).where(Exchange.number == 1)).one()
        assert (exchange.area_id, exchange.cadre_id) == (east, people["CB002"])
        staff.presses("VP01", "chuyen dia ban HOAMAU MẪU TÂY")
        assert "Không có việc nào" in staff.words("VP01", "bàn giao")
        assert session.exec(select(Paper)).one().area_id == west
        again = staff.presses("VP01", "chuyen dia ban TR-1 MẪU TÂY")
        assert "không còn chờ chuyển" in again[0].text


def test_what_was_handed_to_a_body_returns_when_nobody_answers_for_it(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        session.add(
            Case(
                number=1,
                area_id=people.area["HOAMAU"],
                raised_by_id=people["CB001"],
                source="can_bo",
                text="Sửa cầu",
                state="with_department",
                owner_id=people["CB099"],
                department_id=people["CB099"],
                due_on=TODAY,
                raised_at=NOW,
            )
        )
        session.add(Role(person_id=people["CB099"], role="giai_quyet", to_date=TODAY))
    hand_over(db, NOW)
    with db.reading() as session:
        assert cases.listed(session, SYSTEM)[0].state == "with_department"
    hand_over(db, TOMORROW)
    with db.reading() as session:
        (case,) = cases.listed(session, SYSTEM)
    assert (case.state, case.owner_role, case.due_on) == ("with_office", "tong_hop", TODAY)


@pytest.mark.parametrize("days", [40, 400])
def test_an_assignment_over_long_ago_says_nothing_to_anybody(db: Database, days: int) -> None:
    with db.writing() as session:
        people = cast(session)
        end(session, people, "CB001", "HOAMAU", last=TODAY - timedelta(days=days))
        follow(session, people, "CB002", people.area["HOAMAU"])
    assert hand_over(db, TOMORROW) == 0
    with db.reading() as session:
        assert not desk.due(session, TOMORROW)
        assert assignments.followers(session, people.area["HOAMAU"], TODAY + timedelta(days=1))
        assert session.exec(select(Person)).first()
