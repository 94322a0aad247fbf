"""The outbox: order, claims, retries, what is taken back. Real time and the clock are given."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from storage import claims, outbox, ways
from storage.database import Database
from storage.deliveries import (
    Sent,
    mark_doubtful,
    mark_sent,
    record_part,
    sent_parts,
)
from storage.jobs import Job
from storage.tables import metadata

BOT = "telegram:1"
AT = datetime(2026, 11, 24, 0, 15, tzinfo=UTC)
LATER = AT + timedelta(seconds=10)
tables = metadata.tables


@pytest.fixture
def people(db: Database) -> dict[str, int]:
    """Accounts by name: an and binh are confirmed people, la is a stranger."""
    with db.connection() as c:
        ids = {}
        for number, name in enumerate(("an", "binh"), start=1):
            c.execute(
                insert(tables["person"]).values(
                    **{"id": number, "code": name, "full_name": name, "post": "", "unit": ""},
                    **{"phone": "", "rank": 1, "address": "đồng chí"},
                )
            )
        for number, name in enumerate(("an", "binh", "la"), start=1):
            person = number if number < 3 else None
            ids[name] = add_account(c, name, person, "confirmed" if person else "new")
    return ids


def add_account(
    c: Any, name: str, person: int | None, state: str, bot: str = BOT, heard: datetime = AT
) -> int:
    row = {"bot": bot, "external_id": name, "person_id": person, "state": state, "keyboard": ""}
    made = insert(tables["account"]).values(**row, last_heard_at=heard)
    return int(c.execute(made.returning(tables["account"].c.id)).scalar_one())


def put(db: Database, *rows: dict[str, Any]) -> list[int]:
    plain = {"kind": "answer", "priority": 1, "body": {"text": "x"}, "created_at": AT}
    with db.connection() as c:
        return outbox.put(c, [plain | row for row in rows])


def claim(db: Database, real: datetime = AT, **more: Any) -> list[Job]:
    given = {"bot": BOT, "holder": "one", "at": AT, "real": real} | more
    with db.connection() as c:
        return claims.claim(c, **given)


def give(db: Database, number: int, account_id: int) -> bool:
    with db.connection() as c:
        return ways.give(c, number, account_id)


def ids(jobs: list[Job]) -> list[int]:
    return [job.id for job in jobs]


def sent(db: Database, jobs: list[Job], **more: Any) -> None:
    with db.connection() as c:
        mark_sent(c, [Sent(job, {0: str(100 + job.id)}, **more) for job in jobs], AT)


def row(db: Database, number: int) -> Any:
    with db.connection() as c:
        return c.execute(select(tables["outbox"]).where(tables["outbox"].c.id == number)).one()


def account(db: Database, number: int) -> Any:
    with db.connection() as c:
        found = tables["account"]
        return c.execute(select(found).where(found.c.id == number)).one()


def test_ids_come_back_in_the_order_of_the_rows(db: Database, people: dict[str, int]) -> None:
    numbers = put(db, *({"account_id": people["an"], "body": {"text": str(n)}} for n in range(40)))
    assert [row(db, number).body["text"] for number in numbers] == [str(n) for n in range(40)]


def test_one_account_has_one_message_in_flight(db: Database, people: dict[str, int]) -> None:
    one, two = put(db, {"account_id": people["an"]}, {"account_id": people["an"]})
    other = put(db, {"account_id": people["binh"]})[0]
    first = claim(db)
    assert ids(first) == [one, other]
    assert ids(claim(db, busy={job.lane for job in first})) == []
    sent(db, first)
    assert ids(claim(db)) == [two]


def test_the_urgent_goes_first(db: Database, people: dict[str, int]) -> None:
    digest, answer = put(
        db,
        {"account_id": people["an"], "kind": "digest", "priority": 9},
        {"account_id": people["binh"]},
    )
    assert ids(claim(db)) == [answer, digest]


def test_one_account_s_backlog_does_not_hide_the_others(
    db: Database, people: dict[str, int]
) -> None:
    first = put(db, *({"account_id": people["an"]} for _ in range(200)))[0]
    other = put(db, {"account_id": people["binh"]})[0]
    assert ids(claim(db)) == [first, other]


def test_no_more_rows_are_claimed_than_asked_for(db: Database, people: dict[str, int]) -> None:
    put(db, {"account_id": people["an"]}, {"account_id": people["binh"]})
    assert len(claim(db, limit=1)) == 1
    assert len(claim(db, limit=1)) == 1
    assert claim(db, limit=1) == []


def test_a_row_for_a_person_goes_to_the_account_it_is_given(
    db: Database, people: dict[str, int]
) -> None:
    with db.connection() as c:
        other = add_account(c, "an@zalo", 1, "confirmed", bot="zalo:1")
    (number,) = put(db, {"person_id": 1})
    assert claim(db) == []
    assert give(db, number, other)
    assert not give(db, number, people["an"])  # somebody was quicker
    assert claim(db) == []
    (job,) = claim(db, bot="zalo:1")
    assert (job.id, job.account_id, job.address, job.person_id) == (number, other, "an@zalo", 1)


def test_what_is_due_for_people_is_listed_until_it_has_an_account(
    db: Database, people: dict[str, int]
) -> None:
    late, first, later = put(
        db,
        {"person_id": 1, "priority": 5},
        {"person_id": 2, "priority": 1},
        {"person_id": 2, "not_before": LATER},
    )

    def listed(at: datetime = AT, real: datetime = AT) -> list[int]:
        with db.connection() as c:
            return [row.id for row in ways.unaddressed(c, at=at, real=real, most=9)]

    assert listed() == [first, late]
    give(db, first, people["binh"])
    with db.connection() as c:
        ways.keep_back(c, late, "out_of_quota", LATER)
    assert listed() == []
    assert listed(at=LATER, real=LATER) == [later, late]
    with db.connection() as c:
        ways.look_again(c, 1)
    assert listed() == [late]


def test_an_edit_goes_where_its_message_stands(db: Database, people: dict[str, int]) -> None:
    with db.connection() as c:
        other = add_account(c, "an@zalo", 1, "confirmed", bot="zalo:1")
    (prompt,) = put(db, {"account_id": people["an"], "kind": "prompt"})
    sent(db, claim(db))
    (edit,) = put(db, {"account_id": other, "kind": "edit", "edits_id": prompt})
    assert row(db, edit).account_id == people["an"]


def test_a_row_waits_for_its_time_and_goes_when_it_has_come(
    db: Database, people: dict[str, int]
) -> None:
    (number,) = put(db, {"account_id": people["an"], "not_before": LATER})
    later = put(db, {"account_id": people["an"]})[0]
    assert ids(claim(db)) == [later]
    sent(db, [Job(later, people["an"], "an", None, 1, "answer", {})])
    assert ids(claim(db, at=LATER)) == [number]


def test_what_is_too_late_is_closed(db: Database, people: dict[str, int]) -> None:
    (number,) = put(db, {"account_id": people["an"], "expires_at": AT})
    assert claim(db) == []
    with db.connection() as c:
        outbox.sweep(c, AT)
    assert row(db, number).state == "expired"


def test_a_row_that_nobody_can_get_is_given_up_after_three_days(
    db: Database, people: dict[str, int]
) -> None:
    with db.connection() as c:
        c.execute(
            update(tables["account"])
            .where(tables["account"].c.person_id == 1)
            .values(state="linked")
        )
    number, other = put(db, {"person_id": 1}, {"person_id": 2})
    for hours, state in ((71, "waiting"), (73, "failed")):
        with db.connection() as c:
            outbox.sweep(c, AT + timedelta(hours=hours))
        assert row(db, number).state == state
    assert row(db, other).state == "waiting"
    with db.connection() as c:
        assert [each["reason"] for each in outbox.failed(c)] == ["no account"]


def test_a_retry_is_not_overtaken_by_its_account_s_later_rows(
    db: Database, people: dict[str, int]
) -> None:
    one, two = put(db, {"account_id": people["an"]}, {"account_id": people["an"]})
    (job,) = claim(db)
    with db.connection() as c:
        claims.retry_later(c, job, after=LATER, reason="unreachable")
    assert claim(db) == []
    (again,) = claim(db, real=LATER)
    assert (again.id, again.tries) == (one, 1)
    assert row(db, two).state == "waiting"


def test_a_row_that_failed_often_lets_later_ones_pass(db: Database, people: dict[str, int]) -> None:
    one, two = put(db, {"account_id": people["an"]}, {"account_id": people["an"]})
    with db.connection() as c:
        stuck = tables["outbox"].c.id == one
        c.execute(
            update(tables["outbox"]).where(stuck).values(tries=claims.HOLDS_BACK, next_try_at=LATER)
        )
    assert ids(claim(db)) == [two]


def test_a_claim_that_ran_out_is_claimed_again(db: Database, people: dict[str, int]) -> None:
    put(db, {"account_id": people["an"]})
    assert len(claim(db)) == 1
    assert claim(db, holder="two") == []
    assert len(claim(db, real=AT + claims.CLAIM, holder="two")) == 1


def test_a_new_sender_takes_over_at_once_and_keeps_the_order(
    db: Database, people: dict[str, int]
) -> None:
    one, _ = put(db, {"account_id": people["an"]}, {"account_id": people["an"]})
    claim(db)
    with db.connection() as c:
        claims.take_over(c, bot=BOT, holder="two", real=AT)
    jobs = claim(db, holder="two")
    assert ids(jobs) == [one]
    with db.connection() as c:
        claims.take_over(c, bot=BOT, holder="two", real=AT)
        claims.take_over(c, bot="telegram:12", holder="three", real=AT)
    assert claim(db, holder="two", busy={job.lane for job in jobs}) == []
    assert claim(db, holder="two", limit=1)[0].id != one


def test_a_broken_send_goes_on_after_the_parts_that_went_out(
    db: Database, people: dict[str, int]
) -> None:
    (number,) = put(db, {"account_id": people["an"]})
    (job,) = claim(db)
    with db.connection() as c:
        record_part(c, job, 0, "501", AT)
        mark_doubtful(c, job, 1)
        claims.retry_later(c, job, after=AT, reason="unreachable")
    (again,) = claim(db)
    assert again.done == {0: "501"}
    with db.connection() as c:
        mark_sent(c, [Sent(again, {1: "502"})], AT)
        assert sent_parts(c, [number]) == {number: {0: "501", 1: "502"}}
        doubted = select(tables["delivery"].c.maybe_doubled).order_by(tables["delivery"].c.part)
        assert list(c.execute(doubted).scalars()) == [False, True]
    assert row(db, number).state == "sent"


def test_a_crash_between_parts_is_remembered_by_the_next_sender(
    db: Database, people: dict[str, int]
) -> None:
    put(db, {"account_id": people["an"]})
    (job,) = claim(db)
    with db.connection() as c:
        record_part(c, job, 0, "501", AT)
        claims.take_over(c, bot=BOT, holder="two", real=AT)
    assert claim(db, holder="two")[0].done == {0: "501"}


def test_an_edit_waits_for_its_message_and_knows_its_id(
    db: Database, people: dict[str, int]
) -> None:
    (prompt,) = put(db, {"account_id": people["an"], "kind": "prompt"})
    (edit,) = put(db, {"account_id": people["an"], "kind": "edit", "edits_id": prompt})
    jobs = claim(db)
    assert ids(jobs) == [prompt]
    assert claim(db, busy={job.lane for job in jobs}) == []
    sent(db, jobs)
    (job,) = claim(db)
    assert (job.id, job.edits) == (edit, (str(100 + prompt),))


def test_an_edit_does_not_hold_back_the_next_question(db: Database, people: dict[str, int]) -> None:
    (prompt,) = put(db, {"account_id": people["an"], "kind": "prompt"})
    sent(db, claim(db))
    edit, after = put(
        db,
        {"account_id": people["an"], "kind": "edit", "edits_id": prompt},
        {"account_id": people["an"], "kind": "prompt"},
    )
    assert sorted(ids(claim(db))) == [edit, after]


def test_an_edit_of_what_never_went_out_is_dropped(db: Database, people: dict[str, int]) -> None:
    (prompt,) = put(db, {"account_id": people["an"], "kind": "prompt"})
    (edit,) = put(db, {"account_id": people["an"], "kind": "edit", "edits_id": prompt})
    with db.connection() as c:
        assert outbox.cancel(c, [prompt]) == 1
    assert claim(db) == []
    assert row(db, edit).state == "cancelled"


def test_an_unsent_prompt_is_replaced(db: Database, people: dict[str, int]) -> None:
    (old,) = put(db, {"account_id": people["an"], "kind": "prompt"})
    (new,) = put(db, {"account_id": people["an"], "kind": "prompt", "replaces_id": old})
    assert ids(claim(db)) == [new]
    assert row(db, old).state == "cancelled"


def test_what_a_sender_has_in_hand_is_not_taken_back(db: Database, people: dict[str, int]) -> None:
    (number,) = put(db, {"account_id": people["an"], "about_kind": "case", "about_id": 3})
    claim(db)
    with db.connection() as c:
        assert outbox.cancel_about(c, "case", 3) == 0
    assert row(db, number).state == "waiting"


def test_notices_about_what_is_settled_are_taken_back(db: Database, people: dict[str, int]) -> None:
    about = {"account_id": people["an"], "about_kind": "visit", "about_id": 3}
    notice, receipt, other = put(
        db,
        about | {"kind": "notice"},
        about | {"kind": "receipt"},
        about | {"kind": "notice", "about_id": 4},
    )
    with db.connection() as c:
        assert outbox.cancel_about(c, "visit", 3, "notice", "reminder") == 1
    states = [row(db, number).state for number in (notice, receipt, other)]
    assert states == ["cancelled", "waiting", "waiting"]


def test_a_blocked_account_stays_visible_and_its_messages_wait(
    db: Database, people: dict[str, int]
) -> None:
    number = put(db, {"person_id": 1})[0]
    give(db, number, people["an"])
    (job,) = claim(db)
    waiting = put(db, {"person_id": 1})[0]
    give(db, waiting, people["an"])
    with db.connection() as c:
        claims.give_up(c, job, "blocked")
        outbox.mark_unreachable(c, people["an"])
        outbox.mark_unreachable(c, people["la"])
    assert account(db, people["an"]).state == "unreachable"
    assert account(db, people["la"]).state == "new"
    assert row(db, job.id).state == "failed"
    assert row(db, waiting).account_id is None  # it looks for another
    put(db, {"account_id": people["an"]})
    assert claim(db) == []


def test_given_up_rows_are_listed_without_their_words_and_can_be_tried_again(
    db: Database, people: dict[str, int]
) -> None:
    (number,) = put(db, {"account_id": people["an"]})
    (job,) = claim(db)
    with db.connection() as c:
        claims.give_up(c, job, "refused")
        (listed,) = outbox.failed(c)
        assert listed["id"] == number
        assert listed["reason"] == "refused"
        assert "body" not in listed
        assert outbox.try_again(c) == 1
    assert ids(claim(db)) == [number]


def test_the_account_remembers_the_newest_choices_and_its_menu(
    db: Database, people: dict[str, int]
) -> None:
    put(db, {"account_id": people["an"], "kind": "prompt"})
    menu = [{"number": 1, "label": "Gửi", "token": "gui"}]
    sent(db, claim(db), menu=menu, keyboard="theo_doi abc")
    assert account(db, people["an"]).menu == menu
    put(db, {"account_id": people["an"]})
    (job,) = claim(db)
    assert job.keyboard == "theo_doi abc"
    sent(db, [job], menu=None)
    assert account(db, people["an"]).menu == menu
    put(db, {"account_id": people["an"], "kind": "prompt"})
    sent(db, claim(db), menu=[])
    assert account(db, people["an"]).menu == []


def test_an_open_slip_is_known_to_the_sender(db: Database, people: dict[str, int]) -> None:
    with db.connection() as c:
        slip = {"person_id": 1, "form": "visit", "answers": {}, "state": "open"}
        c.execute(insert(tables["draft"]).values(**slip, begun_at=AT, updated_at=AT))
    put(db, {"account_id": people["an"]}, {"account_id": people["binh"]})
    assert [job.crowded for job in claim(db)] == [True, False]


def test_the_oldest_unsent_message_is_known(db: Database, people: dict[str, int]) -> None:
    with db.connection() as c:
        assert outbox.oldest_unsent(c, AT) is None
    put(db, {"account_id": people["an"], "not_before": LATER}, {"account_id": people["an"]})
    with db.connection() as c:
        assert outbox.oldest_unsent(c, AT) == AT
