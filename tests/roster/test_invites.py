"""Codes: hard to guess, easy to type, used once, for thirty days."""

import math
import re
from datetime import timedelta
from pathlib import Path

import pytest
from docx import Document
from sqlmodel import Session, select

from bot.roster import invites, slips
from bot.settings import Settings
from bot.work import inviting
from storage import accounts, people, settings
from storage.database import Database
from storage.tables import Account, Invite, Person
from tests.cast import NOW, TODAY, cast


def _account(session: Session, name: str = "1", bot: str = "telegram:1") -> int:
    account = Account(bot=bot, external_id=name)
    session.add(account)
    session.flush()
    assert account.id is not None
    return account.id


def _person(session: Session, code: str) -> Person:
    person = people.by_code(session, code)
    assert person is not None
    return person


def test_a_code_has_at_least_forty_bits() -> None:
    assert invites.LENGTH * math.log2(len(invites.ALPHABET)) >= 40
    assert len({invites.new_code() for _ in range(2000)}) == 2000


def test_a_code_has_no_letters_that_look_alike() -> None:
    assert not set("ILOU") & set(invites.ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        "K7M-2QX-9TR",
        "k7m2qx9tr",
        "K7M 2QX 9TR",
        " k7m.2qx.9tr ",
        "/start K7M-2QX-9TR",
        "Mã của tôi là K7M-2QX-9TR ạ",
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert invites.read_code(typed) == "K7M2QX9TR"


def test_letters_that_look_alike_are_taken_for_each_other() -> None:
    assert invites.read_code("ILO-UAB-123") == "110VAB123"


@pytest.mark.parametrize(
    "typed", ["", "/start", "Chào đồng chí", "xin chào anh", "0912 345 678", "912 345 678", "12"]
)
def test_other_text_is_no_code(typed: str) -> None:
    assert invites.read_code(typed) is None


def test_nearly_a_code_counts_as_a_wrong_one() -> None:
    assert invites.read_code("K7M-2QX-9T") == "K7M-2QX-9T"


def test_only_a_hash_is_stored(db: Database) -> None:
    with db.writing() as session:
        cast(session)
        code = invites.issue(session, [_person(session, "CB001")], NOW)[0].code
        row = session.exec(select(Invite)).one()
    bare = code.replace("-", "")
    assert bare not in str(row.model_dump())
    assert row.code_hash == invites.hashed(bare)
    assert row.expires_at == NOW + timedelta(days=30)


def test_a_code_opens_once(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        code = invites.issue(session, [_person(session, "CB001")], NOW)[0].code.replace("-", "")
        first, second = _account(session, "1"), _account(session, "2")
        assert invites.redeem(session, code, first, NOW) == people_["CB001"]
        assert invites.redeem(session, code, second, NOW) is None


@pytest.mark.parametrize(("days", "opens"), [(29, True), (30, False)])
def test_a_code_opens_for_thirty_days(db: Database, days: int, opens: bool) -> None:
    with db.writing() as session:
        cast(session)
        code = invites.issue(session, [_person(session, "CB001")], NOW)[0].code.replace("-", "")
        found = invites.redeem(session, code, _account(session), NOW + timedelta(days=days))
    assert (found is not None) == opens


def test_a_new_code_ends_the_one_before(db: Database) -> None:
    with db.writing() as session:
        cast(session)
        old = invites.issue(session, [_person(session, "CB001")], NOW)[0].code.replace("-", "")
        new = invites.issue(session, [_person(session, "CB001")], NOW)[0].code.replace("-", "")
        account = _account(session)
        assert invites.redeem(session, old, account, NOW) is None
        assert invites.redeem(session, new, account, NOW) is not None


def test_revoking_cuts_every_account_and_ends_the_code(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        person = _person(session, "CB001")
        code = invites.issue(session, [person], NOW)[0].code.replace("-", "")
        for name, bot in (("1", "telegram:1"), ("1", "zalo:1")):
            accounts.change(
                session, _account(session, name, bot), person_id=person.id, state="confirmed"
            )
        assert people.linked(session) == {people_["CB001"]}
        assert invites.revoke(session, person, NOW) == 2
        assert people.linked(session) == set()
        assert invites.redeem(session, code, _account(session, "3"), NOW) is None


def test_everybody_with_something_to_do_is_invited_but_those_who_are_linked(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        account = _account(session)
        accounts.change(session, account, person_id=people_["XA01"], state="confirmed")
    issued, said = slips.invite_all(db, NOW)
    codes = [each.person.code for each in issued]
    assert "CB099" not in codes
    assert "XA01" not in codes
    assert said == (
        "10 phiếu: 2 cán bộ theo dõi, 1 Ủy viên phụ trách, 1 xã, 6 người khác "
        "(1 xã đã kết nối). Mã dùng một lần, hết hạn 24/12/2026."
    )
    assert codes[:2] == ["TT01", "UV01"]  # in protocol order


def test_the_limit_of_validity_is_the_same_for_all(db: Database) -> None:
    with db.writing() as session:
        cast(session)
        found = slips.waiting(session, TODAY)
        steps: list[tuple[int, int]] = []
        issued = invites.issue(
            session, found.people, NOW, lambda done, total: steps.append((done, total))
        )
    assert len({each.code for each in issued}) == len(issued) == 11
    assert {each.expires_at for each in issued} == {NOW + invites.VALID}
    assert steps[-1] == (11, 11)


def test_a_page_of_slips_names_the_person_the_bot_and_the_code(
    db: Database, tmp_path: Path
) -> None:
    with db.writing() as session:
        cast(session)
        issued = invites.issue(session, slips.waiting(session, TODAY).people, NOW)
    slips.write(tmp_path / "phieu.docx", issued, slips.Bots("mau_bot", "Sâu Sát"))
    document = Document(str(tmp_path / "phieu.docx"))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    filled = [cell for cell in cells if cell.strip()]
    assert len(document.tables) == 2
    assert len(filled) == len(document.inline_shapes) == 11
    for slip, cell in zip(issued, filled, strict=True):
        assert slip.person.full_name in cell
        assert slip.code in cell
        assert "@mau_bot" in cell
        assert "đến hết 24/12/2026" in cell


def test_the_picture_to_scan_carries_the_code(db: Database) -> None:
    bots = slips.Bots("mau_bot")
    with db.writing() as session:
        cast(session)
        issued = invites.issue(session, [_person(session, "CB001")], NOW)
    (slip,) = slips.as_json(issued, bots)
    assert re.fullmatch(r"https://t\.me/mau_bot\?start=\w{3}-\w{3}-\w{3}", slip["link"])
    assert invites.read_code("/start " + slip["link"].partition("=")[2]) == slip["code"].replace(
        "-", ""
    )


def test_slips_of_the_command_line_name_what_the_office_has_set(db: Database) -> None:
    with db.writing() as session:
        settings.put(session, "bot_telegram", "mau_bot", TODAY)
        settings.put(session, "bot_zalo", "Sâu Sát Mẫu", TODAY)
    found = inviting.bots(Settings(_env_file=None, telegram_token=""), db, NOW)
    assert found == slips.Bots("mau_bot", "Sâu Sát Mẫu")
