"""The morning message: exactly what is due, once, and in the words people know."""

from datetime import date
from typing import Any

import pytest

from bot.desk.morning import HEIGHT, height
from bot.messages import Option, Outgoing
from bot.work.post import post
from storage import outbox
from storage.database import Database
from storage.duties import snooze
from storage.occurrences import withdraw
from storage.settings import put
from storage.tables import (
    Absence,
    Account,
    Area,
    Assignment,
    Cadence,
    Inbox,
    Invitation,
    Regulation,
)
from tests.work.mornings import Mornings, at


@pytest.fixture
def mornings(db: Database) -> Mornings:
    return Mornings.begin(db)


def test_the_first_step_says_what_is_open_what_is_done_and_what_the_commune_invites_to(
    mornings: Mornings,
) -> None:
    mornings.visit("CB001", "TANMAU", "2026-11-12")
    invitation(mornings, "2026-11-26", "14:00")

    mornings.morning("2026-11-23")

    assert mornings.text("CB001") == (
        "Kính gửi đồng chí Nguyễn Văn Mẫu\n"
        "Lịch đi cơ sở tháng 11, còn 6 ngày làm việc\n"
        "\n"
        "Xã Hòa Mẫu: chưa ghi nhận. Xã mời họp Đảng ủy 14:00 thứ Năm, 26/11 (GM-86)\n"
        "Phường Tân Mẫu: đã ghi ngày 12/11, đủ\n"
        "\n"
        "Nếu đã đi, xin nhắn một câu, ví dụ: Hòa Mẫu 19/11 họp thôn 3, tình hình …"
    )
    assert mornings.buttons("CB001") == [
        ["Tôi đã đi Hòa Mẫu"],
        ["Dự họp 26/11"],
        ["Nhắc lại sau", "Tháng này vắng"],
    ]


def invitation(
    mornings: Mornings, day: str, clock: str, answer: str = "", sent: str = "2026-11-20"
) -> None:
    with mornings.db.writing() as session:
        session.add(
            Invitation(
                number=86,
                area_id=mornings.cast.area["HOAMAU"],
                cadre_id=mornings.cast["CB001"],
                sent_by_id=mornings.cast["XA01"],
                occasion="họp Đảng ủy",
                starts_at=at(day, clock),
                place="hội trường xã",
                sent_at=at(sent),
                answer=answer,
            )
        )


def test_the_last_step_says_when_figures_close(mornings: Mornings) -> None:
    mornings.visit("CB001", "TANMAU", "2026-11-12")

    mornings.morning("2026-12-01")

    assert mornings.text("CB001") == (
        "Kính gửi đồng chí Nguyễn Văn Mẫu\n"
        "Tháng 11 đã hết. Số liệu chốt 17:00 thứ Tư, 02/12.\n"
        "Xã Hòa Mẫu: chưa ghi nhận chuyến đi nào."
    )
    assert mornings.buttons("CB001") == [["Tôi đã đi, ghi ngay"], ["Tháng 11 vắng"]]


def test_nothing_comes_on_a_day_with_nothing_due(mornings: Mornings) -> None:
    assert mornings.morning("2026-11-19") == 0
    assert mornings.morning("2026-11-23") == 2  # CB001 and CB002
    mornings.send()
    assert mornings.morning("2026-11-24") == 0


@pytest.mark.parametrize(
    ("day", "clock"),
    [("2026-11-23", "07:14"), ("2026-11-21", "07:15"), ("2026-11-23", "19:30")],
    ids=["before the hour", "on a Saturday", "in quiet hours"],
)
def test_nobody_is_written_to_outside_working_mornings(
    mornings: Mornings, day: str, clock: str
) -> None:
    assert mornings.morning(day, clock) == 0


def test_asking_again_the_same_day_writes_nothing_more(mornings: Mornings) -> None:
    mornings.morning("2026-11-23")

    assert mornings.morning("2026-11-23", "07:16") == 0
    assert mornings.morning("2026-11-23", "15:00") == 0


def test_nothing_speaks_of_a_month_after_its_close(mornings: Mornings) -> None:
    assert mornings.morning("2026-12-03") == 0


def test_nobody_is_told_who_owes_nothing(mornings: Mornings) -> None:
    mornings.visit("CB001", "TANMAU", "2026-11-12")
    mornings.visit("CB001", "HOAMAU", "2026-11-02")

    mornings.morning("2026-11-23")

    assert mornings.told("CB001") == []
    assert mornings.told("CB099") == []
    assert mornings.told("UV01") == []  # no cadence binds members in charge here


def test_a_visit_filed_while_the_message_waits_takes_it_back(mornings: Mornings) -> None:
    mornings.visit("CB001", "TANMAU", "2026-11-12")
    mornings.morning("2026-11-23")

    file(mornings, "CB001", "HOAMAU", "2026-11-22")

    assert len(mornings.told("CB001", "cancelled")) == 1
    assert mornings.morning("2026-11-23", "07:16") == 0
    assert mornings.told("CB001") == []


def test_with_something_else_due_the_message_is_composed_anew(mornings: Mornings) -> None:
    mornings.morning("2026-11-23")

    file(mornings, "CB001", "HOAMAU", "2026-11-22")
    mornings.morning("2026-11-23", "07:16")

    assert "Xã Hòa Mẫu: đã ghi ngày 22/11, đủ" in mornings.text("CB001")
    assert "Phường Tân Mẫu: chưa ghi nhận" in mornings.text("CB001")


def test_a_message_that_a_sender_took_is_not_taken_back(mornings: Mornings) -> None:
    mornings.morning("2026-11-23")
    with mornings.db.writing() as session:
        [row] = mornings.told("CB002")
        row.claimed_by = "telegram:1 a"
        session.merge(row)

    file(mornings, "CB002", "LONGMAU", "2026-11-22")

    assert len(mornings.told("CB002")) == 1


def file(mornings: Mornings, who: str, where: str, day: str) -> None:
    """What filing a slip does to reminders."""
    mornings.visit(who, where, day)
    with mornings.db.writing() as session:
        withdraw(session, f"assignment:{mornings.cast.assignment[who, where, 'theo_doi']}")


def test_an_accepted_invitation_silences_until_the_day_after(mornings: Mornings) -> None:
    mornings.visit("CB001", "TANMAU", "2026-11-12")
    invitation(mornings, "2026-11-26", "14:00", answer="accepted")

    assert "Hòa Mẫu" not in "".join(row.body["text"] for row in after(mornings, "2026-11-23"))
    [reminder] = after(mornings, "2026-11-25")
    assert "đồng chí đã nhận lời xã Hòa Mẫu mời họp Đảng ủy 14:00" in reminder.body["text"]
    assert "chưa ghi nhận" not in reminder.body["text"]
    assert after(mornings, "2026-11-26") == []
    [second] = after(mornings, "2026-11-27")
    assert "Lịch đi cơ sở tháng 11, còn 2 ngày làm việc" in second.body["text"]


def test_a_commune_that_is_no_more_reminds_nobody(mornings: Mornings) -> None:
    """Its assignment goes on for ever, as the roster has it."""
    with mornings.db.writing() as session:
        gone = session.get(Area, mornings.cast.area["HOAMAU"])
        assert gone is not None
        gone.valid_to = date(2026, 11, 10)

    mornings.morning("2026-11-23")

    assert "Phường Tân Mẫu: chưa ghi nhận" in mornings.text("CB001")
    assert "Hòa Mẫu" not in mornings.text("CB001")


def after(mornings: Mornings, day: str, who: str = "CB001") -> list[Any]:
    """What this morning added for the person."""
    mornings.send()
    mornings.morning(day)
    return mornings.told(who)


def test_with_eight_areas_it_counts_them_and_offers_the_list(mornings: Mornings) -> None:
    follow(mornings, "CB002", 7)
    mornings.visit("CB002", "THEM1", "2026-11-02")
    mornings.visit("CB002", "THEM2", "2026-11-02")
    mornings.visit("CB002", "THEM3", "2026-11-02")

    mornings.morning("2026-11-23")

    assert "5 địa bàn chưa ghi nhận\n3 địa bàn đã ghi đủ" in mornings.text("CB002")
    assert mornings.buttons("CB002")[:2] == [["Ghi chuyến đi"], ["Xem 5 địa bàn"]]
    assert height(mornings.text("CB002")) <= HEIGHT


def follow(mornings: Mornings, who: str, count: int) -> None:
    """So many more communes for the person."""
    cast = mornings.cast
    with mornings.db.writing() as session:
        for number in range(1, count + 1):
            area = Area(code=f"THEM{number}", name=f"Xã Thêm {number}", level="xa", place=number)
            session.add(area)
            session.flush()
            assert area.id is not None
            cast.area[area.code] = area.id
            session.add(
                Assignment(
                    person_id=cast[who],
                    area_id=area.id,
                    regulation_id=cast.regulation,
                    kind="theo_doi",
                    from_date=date(2021, 4, 29),
                )
            )


def test_put_off_until_a_day_it_comes_again_on_that_day(mornings: Mornings) -> None:
    mornings.morning("2026-11-23")
    with mornings.db.writing() as session:
        snooze(session, mornings.cast["CB002"], at("2026-11-26"), at("2026-11-23", "08:00"))

    assert after(mornings, "2026-11-25", "CB002") == []
    [again] = after(mornings, "2026-11-26", "CB002")
    assert "còn 3 ngày làm việc" in again.body["text"]
    [second] = after(mornings, "2026-11-27", "CB002")
    assert "còn 2 ngày làm việc" in second.body["text"]


@pytest.mark.parametrize(
    ("state", "form"), [("proposed", "mien"), ("approved", "mien"), ("approved", "di_thay")]
)
def test_absence_asked_for_or_agreed_to_silences_the_visit(
    mornings: Mornings, state: str, form: str
) -> None:
    away(mornings, state, form)

    assert after(mornings, "2026-11-23", "CB002") == []


def test_a_refused_absence_lets_the_reminder_come(mornings: Mornings) -> None:
    away(mornings, "refused", "mien")

    assert len(after(mornings, "2026-11-23", "CB002")) == 1


def away(mornings: Mornings, state: str, form: str) -> None:
    with mornings.db.writing() as session:
        session.add(
            Absence(
                person_id=mornings.cast["CB002"],
                area_id=mornings.cast.area["LONGMAU"],
                from_date=date(2026, 11, 1),
                to_date=date(2026, 11, 30),
                form=form,
                state=state,
            )
        )


def test_two_cadences_for_one_place_remind_once(mornings: Mornings) -> None:
    cast = mornings.cast
    with mornings.db.writing() as session:
        other = Regulation(number="13-QĐ/TU")
        session.add(other)
        session.flush()
        assert other.id is not None
        session.add(
            Cadence(regulation_id=other.id, kind="theo_doi", from_date=date(2021, 1, 1), unit="quy")
        )
        session.add(
            Assignment(
                person_id=cast["CB002"],
                area_id=cast.area["LONGMAU"],
                regulation_id=other.id,
                kind="theo_doi",
                from_date=date(2021, 4, 29),
            )
        )

    [december] = after(mornings, "2026-12-24", "CB002")

    assert december.body["text"].count("Long Mẫu: chưa ghi nhận") == 1
    assert "quý" not in december.body["text"]
    assert after(mornings, "2026-12-25", "CB002") == []


def test_lines_that_were_held_join_the_morning_message_and_share_their_end(
    mornings: Mornings,
) -> None:
    with mornings.db.writing() as session:
        told = [
            Outgoing(
                f"Đồng chí {name} ghi chuyến làm việc tại xã.\n\nThống nhất thì không cần trả lời.",
                ((Option("Trao đổi thêm", f"traodoi CS-{number}"),),),
                kind="line",
                person_id=mornings.cast["XA01"],
                about=("visit", number),
            )
            for number, name in enumerate(("Một", "Hai"), start=1)
        ]
        post(session, told)

    mornings.morning("2026-11-19")

    assert mornings.text("XA01") == (
        "Kính gửi đồng chí Bí thư Đảng ủy xã Hòa Mẫu\n\n"
        "Đồng chí Một ghi chuyến làm việc tại xã.\n\n"
        "Đồng chí Hai ghi chuyến làm việc tại xã.\n\n"
        "Thống nhất thì không cần trả lời."
    )
    assert after(mornings, "2026-11-20", "XA01") == []


def test_a_held_line_can_be_taken_back(mornings: Mornings) -> None:
    with mornings.db.writing() as session:
        post(session, [line(mornings, "XA01", 7)])
        assert outbox.cancel_about(session, "visit", 7) == 1

    assert after(mornings, "2026-11-19", "XA01") == []


def line(mornings: Mornings, who: str, number: int, text: str = "Một nội dung.") -> Outgoing:
    return Outgoing(text, kind="line", person_id=mornings.cast[who], about=("visit", number))


def test_what_does_not_fit_one_screen_comes_the_next_morning(mornings: Mornings) -> None:
    long = "Nội dung " * 60
    with mornings.db.writing() as session:
        post(session, [line(mornings, "XA01", number, f"{long}{number}") for number in range(3)])

    first = after(mornings, "2026-11-19", "XA01")
    second = after(mornings, "2026-11-20", "XA01")

    assert len(first) == len(second) == 1
    assert height(first[0].body["text"]) <= HEIGHT


def test_an_unsent_message_of_yesterday_is_composed_anew(mornings: Mornings) -> None:
    mornings.morning("2026-11-23")
    mornings.morning("2026-11-25")

    assert "còn 4 ngày làm việc" in mornings.text("CB002")
    assert len(mornings.told("CB002", "cancelled")) == 1


def test_a_trial_writes_nothing_upward(mornings: Mornings) -> None:
    with mornings.db.writing() as session:
        put(session, "chay_thu", True, date(2026, 1, 1))
        post(session, [line(mornings, who, 1) for who in ("UV01", "TT01", "TC01", "XA01")])

    mornings.morning("2026-11-23")

    assert [mornings.told(who) for who in ("UV01", "TT01", "TC01")] == [[], [], []]
    assert len(mornings.told("XA01")) == len(mornings.told("CB001")) == 1


def test_a_member_in_charge_hears_on_mondays_and_thursdays_only(mornings: Mornings) -> None:
    with mornings.db.writing() as session:
        post(session, [line(mornings, "UV01", 1)])

    assert after(mornings, "2026-11-24", "UV01") == []
    assert after(mornings, "2026-11-25", "UV01") == []
    assert len(after(mornings, "2026-11-26", "UV01")) == 1


def test_whoever_is_writing_just_now_is_not_reminded_yet(mornings: Mornings) -> None:
    with mornings.db.writing() as session:
        account = Account(bot="t", external_id="1", person_id=mornings.cast["CB002"])
        session.add(account)
        session.flush()
        message = Inbox(
            bot="t",
            external_id="9",
            account_id=account.id,
            payload={},
            received_at=at("2026-11-23", "07:14"),
        )
        session.add(message)

    mornings.morning("2026-11-23")
    assert mornings.told("CB002") == []
    assert len(mornings.told("CB001")) == 1

    with mornings.db.writing() as session:
        message.state = "handled"
        session.merge(message)
    mornings.morning("2026-11-23", "07:16")
    assert len(mornings.told("CB002")) == len(mornings.told("CB001")) == 1
