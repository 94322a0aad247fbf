"""The road of a message: account, inbox, draft, outbox, delivery, attachment."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata


class Account(SQLModel, table=True):
    """One chat account on one bot; its row is the lock that keeps a person's messages in order."""

    metadata = metadata
    __table_args__ = (UniqueConstraint("bot", "external_id"),)
    id: int | None = Field(default=None, primary_key=True)
    bot: str  # channel and bot id, "telegram:123456"
    external_id: str
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    state: str = "new"  # new, linked (not yet confirmed), confirmed, unreachable, revoked
    linked_at: datetime | None = None
    last_heard_at: datetime | None = None
    locked_until: datetime | None = None
    closed_at: datetime | None = None  # the channel takes nothing more until the person writes
    unmask_until: datetime | None = None  # a number said to be no citizen number may pass
    menu: list[dict[str, Any]] | None = Field(default=None, sa_type=JSON)  # newest numbered choices
    keyboard: str = ""  # signature of the commands and keyboard last shown


class Inbox(SQLModel, table=True):
    """One update as it arrived; handled in the order of `id` within an account."""

    metadata = metadata
    __table_args__ = (
        UniqueConstraint("bot", "external_id"),
        Index(
            "ix_inbox_waiting",
            "account_id",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_inbox_oldest",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_inbox_retrying",
            "retry_at",
            "account_id",
            sqlite_where=text("state = 'waiting' AND retry_at IS NOT NULL"),
            postgresql_where=text("state = 'waiting' AND retry_at IS NOT NULL"),
        ),
        Index("ix_inbox_message", "account_id", "message_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    bot: str
    external_id: str
    account_id: int | None = Field(default=None, foreign_key="account.id")
    message_id: str = ""  # the channel's id of the message in its chat
    payload: dict[str, Any] = Field(sa_type=JSON)
    received_at: datetime
    state: str = "waiting"  # waiting, handled, refused (guard), aside (gave up)
    reason: str = ""  # why refused or set aside, with the traceback
    tries: int = 0
    retry_at: datetime | None = None
    handled_at: datetime | None = None


class Draft(SQLModel, table=True):
    """Answers given so far to one form, kept under the person and not the chat."""

    metadata = metadata
    __table_args__ = (
        Index(
            "ix_draft_open",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    form: str
    answers: dict[str, Any] = Field(sa_type=JSON)
    asked: dict[str, Any] | None = Field(default=None, sa_type=JSON)  # newest prompt
    prompt_id: int | None = Field(default=None, foreign_key="outbox.id")  # its outbox row
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)  # the prompt before it
    state: str = "open"  # open, parked, filed, dropped
    begun_at: datetime
    updated_at: datetime


class Outbox(SQLModel, table=True):
    """A message for a person, written in the transaction that caused it.

    `not_before`, `claimed_until` and `next_try_at` are read against real time by the sender,
    except `not_before`, which is on the service's own clock.
    """

    metadata = metadata
    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "priority",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_outbox_unaddressed",
            "priority",
            "id",
            sqlite_where=text("state = 'waiting' AND account_id IS NULL"),
            postgresql_where=text("state = 'waiting' AND account_id IS NULL"),
        ),
        Index("ix_outbox_about", "about_kind", "about_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)  # None: open
    inbox_id: int | None = Field(default=None, foreign_key="inbox.id")
    priority: int = 5  # 0 urgent, 1 answer, 5 notice, 9 digest
    kind: str  # prompt, receipt, answer, notice, reminder, digest, edit …
    about_kind: str = ""
    about_id: int | None = None
    body: dict[str, Any] = Field(sa_type=JSON)
    replaces_id: int | None = Field(default=None, foreign_key="outbox.id")
    edits_id: int | None = Field(default=None, foreign_key="outbox.id")
    not_before: datetime | None = None
    expires_at: datetime | None = None
    state: str = "waiting"  # waiting, sent, failed, cancelled, expired
    claimed_by: str = ""
    claimed_until: datetime | None = None
    begun_at: datetime | None = None  # when a try that may have reached the phone first began
    next_try_at: datetime | None = None
    tries: int = 0
    reason: str = ""
    created_at: datetime = Field(index=True)
    sent_at: datetime | None = None


class Delivery(SQLModel, table=True):
    """One rendered call of an outbox row, so that a broken send resumes where it stopped."""

    metadata = metadata
    __table_args__ = (UniqueConstraint("outbox_id", "account_id", "part"),)
    id: int | None = Field(default=None, primary_key=True)
    outbox_id: int = Field(foreign_key="outbox.id", index=True)
    part: int  # -1: the message as a whole
    account_id: int = Field(foreign_key="account.id", index=True)
    external_id: str | None = Field(default=None, index=True)  # the channel's own message id
    state: str = "trying"  # trying, sent; of the whole message: failed
    reason: str = ""  # why it failed
    maybe_doubled: bool = False  # a try broke off after the request had left
    sent_at: datetime | None = None


class Attachment(SQLModel, table=True):
    """A photo, voice note or document: wanted, then stored or failed."""

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    bot: str
    reference: str  # the channel's file id
    kind: str  # photo, voice, document
    inbox_id: int | None = Field(default=None, foreign_key="inbox.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    about_kind: str = ""  # visit, case, voice, roster
    about_id: int | None = None
    caption: str = ""
    name: str = ""  # as given from outside; never used as a path
    seconds: int | None = None
    state: str = Field(default="wanted", index=True)  # wanted, stored, failed
    path: str = ""  # under SAUSAT_FILES
    size: int | None = None
    sha256: str = ""
    looks: str = ""  # of a picture: how light lies in it, to find the same one again
    reason: str = ""
    tries: int = 0
    next_try_at: datetime | None = None
    wanted_at: datetime
    stored_at: datetime | None = None
