"""All that is held about one person, and the erasure of what no record needs."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, or_, select, update
from sqlmodel import Session, col

from storage import people, retention
from storage.tables import Assignment, Person, metadata

APART = frozenset({"restricted", "restricted_receiver"})
"""Never exported: who sent something reads it on the signed page, nobody else learns of it."""
CHAINED = frozenset({"alert"})  # holds a list of people in one column
UNBOUND = {"audit_entry": "person_id"}  # names a person without a foreign key

ERASED = frozenset(
    {
        *("inbox", "outbox", "delivery", "draft", "companion", "absence", "visit", "snooze"),
        *("preference", "signal", "attachment", "account", "person"),
    }
)
"""Tables of which something goes when a person is erased: words, ids, places, files, the name."""
_ACT = "an act or a record of the office, under the person's code"
KEPT = {
    **dict.fromkeys(("case", "case_event", "opinion", "commitment", "visit_version"), _ACT),
    **dict.fromkeys(("exchange", "exchange_message", "invitation", "meeting"), _ACT),
    **dict.fromkeys(("paper", "paper_comment", "directive", "directive_target"), _ACT),
    **dict.fromkeys(("alert", "report_event", "review_comment", "score"), _ACT),
    **dict.fromkeys(("indicator", "indicator_value", "work_item"), _ACT),
    **dict.fromkeys(("assignment", "role"), "who held which seat, by which every figure counts"),
    "audit_entry": "the chain shows tampering: nothing can be taken out of it; it holds ids alone",
    "invite": "hashes of codes that are used up or over",
    "link_try": "when a wrong code came: no words, the account bears no id of the channel any more",
}
"""Tables that name a person and stay whole when the person is erased, each with its reason."""


def held(session: Session, person: Person) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row that names the person or an account of theirs, table by table."""
    connection = session.connection()
    accounts = _accounts(connection, person)
    for table in metadata.sorted_tables:
        if table.name in APART:
            continue
        names = [column == person.id for column in _naming(table, "person")]
        names += [column.in_(accounts) for column in _naming(table, "account") if accounts]
        if table.name == "occurrence":
            names.append(table.c.target.in_(_targets(connection, person)))
        if table.name in CHAINED:
            names.append(table.c.id.in_(_in_chain(connection, table, person)))
        if not names:
            continue
        found = select(table).where(or_(*names)).order_by(*table.primary_key.columns)
        if table.name in UNBOUND:
            found = found.where(table.c.kind.not_in(APART))
        for row in connection.execute(found).mappings():
            yield table.name, dict(row)


def _naming(table: Table, target: str) -> list[Column[Any]]:
    """The columns that point to a person, or to an account."""
    key = metadata.tables[target].c.id
    if table.name == target:
        return [key]
    pointing = [c for c in table.c if any(each.column is key for each in c.foreign_keys)]
    loose = UNBOUND.get(table.name) if target == "person" else None
    return [*pointing, *([table.c[loose]] if loose else [])]


def _accounts(connection: Connection, person: Person) -> list[int]:
    account = metadata.tables["account"]
    found = select(account.c.id).where(account.c.person_id == person.id)
    return list(connection.execute(found).scalars())


def _targets(connection: Connection, person: Person) -> list[str]:
    """What the clock calls the person and the person's assignments."""
    assignment = metadata.tables["assignment"]
    own = select(assignment.c.id).where(assignment.c.person_id == person.id)
    found = connection.execute(own).scalars()
    return [f"person:{person.id}", *(f"assignment:{number}" for number in found)]


def _in_chain(connection: Connection, table: Table, person: Person) -> list[int]:
    """The rows in whose chain of people the person stands."""
    found = connection.execute(select(table.c.id, table.c.chain))
    return [row.id for row in found if person.id in row.chain]


def serves(session: Session, person: Person, day: date) -> bool:
    """Whether the person holds a role or an assignment on the day."""
    held_now = (col(Assignment.person_id) == person.id) & people.in_force(Assignment, day)
    now = select(col(Assignment.id)).where(held_now)
    roles = people.roles(session, person.id or 0, day)
    return bool(roles) or session.connection().execute(now.limit(1)).first() is not None


def erase(session: Session, person: Person) -> tuple[dict[str, int], list[str]]:
    """Erase what no record needs; how many rows of which table, and paths of files to delete.

    Visits, cases and what else is a record of the office stay, under the person's code.
    """
    connection, number = session.connection(), person.id or 0
    accounts = _accounts(connection, person)
    done = {
        "inbox": _arrived(connection, accounts),
        "outbox": _messages(connection, number, accounts),
        "draft": _drafts(connection, number),
        "companion": _change(connection, "companion", "person_id", [number], name=person.code),
        "absence": _change(connection, "absence", "person_id", [number], reason=""),
        "visit": _change(connection, "visit", "person_id", [number], latitude=None, longitude=None),
        "snooze": _remove(connection, "snooze", number),
        "preference": _remove(connection, "preference", number),
        "signal": _remove(connection, "signal", number),
    }
    loose, paths = _files(connection, number)
    done |= {"attachment": loose, "account": _let_go(connection, accounts), "person": 1}
    person.full_name, person.phone = f"Cán bộ {person.code}", ""
    person.post, person.unit = "", ""
    session.add(person)
    session.flush()
    return {name: count for name, count in done.items() if count}, paths


def _change(connection: Connection, of: str, column: str, ids: list[int], **values: object) -> int:
    table = metadata.tables[of]
    changed = update(table).where(table.c[column].in_(ids)).values(**values)
    return connection.execute(changed).rowcount


def _remove(connection: Connection, name: str, person_id: int) -> int:
    table = metadata.tables[name]
    return connection.execute(delete(table).where(table.c.person_id == person_id)).rowcount


def _arrived(connection: Connection, accounts: list[int]) -> int:
    """What the person wrote: no words; what waited is not handled any more."""
    inbox = metadata.tables["inbox"]
    theirs = inbox.c.account_id.in_(accounts)
    waiting = theirs & (inbox.c.state == "waiting")
    connection.execute(update(inbox).where(waiting).values(state="handled"))
    return _change(connection, "inbox", "account_id", accounts, payload={}, reason="")


def _messages(connection: Connection, person_id: int, accounts: list[int]) -> int:
    """What went to the person: no words, no channel's ids; what waits goes nowhere."""
    outbox, delivery = metadata.tables["outbox"], metadata.tables["delivery"]
    theirs = or_(outbox.c.person_id == person_id, outbox.c.account_id.in_(accounts))
    waiting = theirs & outbox.c.state.in_(("waiting", "held"))
    connection.execute(update(outbox).where(waiting).values(state="cancelled", reason="erased"))
    connection.execute(delete(delivery).where(delivery.c.account_id.in_(accounts)))
    return connection.execute(update(outbox).where(theirs).values(body=retention.EMPTY)).rowcount


def _drafts(connection: Connection, person_id: int) -> int:
    draft = metadata.tables["draft"]
    theirs = draft.c.person_id == person_id
    empty: dict[str, Any] = {"answers": {}, "asked": None, "before": None}
    left = theirs & draft.c.state.in_(("open", "parked"))
    connection.execute(update(draft).where(left).values(state="dropped"))
    return connection.execute(update(draft).where(theirs).values(**empty)).rowcount


def _files(connection: Connection, person_id: int) -> tuple[int, list[str]]:
    """Photos of a record stay with it and name nobody; voice and what belongs to nothing goes."""
    attachment = metadata.tables["attachment"]
    theirs = attachment.c.person_id == person_id
    loose = theirs & or_(attachment.c.about_kind == "", attachment.c.kind == "voice")
    ids = list(connection.execute(select(attachment.c.id).where(loose)).scalars())
    paths = retention.let_go(connection, ids)
    return connection.execute(
        update(attachment).where(theirs).values(person_id=None)
    ).rowcount, paths


def _let_go(connection: Connection, accounts: list[int]) -> int:
    """The accounts keep a number of ours in place of the channel's."""
    account = metadata.tables["account"]
    for number in accounts:
        emptied = {
            "external_id": f"erased:{number}",
            "person_id": None,
            "state": "revoked",
            "menu": None,
            "keyboard": "",
        }
        connection.execute(update(account).where(account.c.id == number).values(**emptied))
    return len(accounts)
