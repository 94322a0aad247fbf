"""People, what they may do, and the codes by which a chat account becomes theirs."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata


class Person(SQLModel, table=True):
    """Somebody on the roster."""

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    full_name: str
    post: str = ""
    unit: str = ""
    phone: str = ""
    rank: int = 9999  # protocol order, thu_tu
    address: str = "đồng chí"  # form of address, xung_ho


class Role(SQLModel, table=True):
    """A role held for a time; followers and members in charge come from assignments instead."""

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    role: str  # thuong_truc, ban_to_chuc, tong_hop, duyet, co_so, giai_quyet, kiem_tra, giup_viec …
    area_id: int | None = Field(default=None, foreign_key="area.id", index=True)
    helped_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    from_date: date | None = None
    to_date: date | None = None


class Invite(SQLModel, table=True):
    """A one-time code, kept as a hash only."""

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    code_hash: str = Field(unique=True)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    used_by_id: int | None = Field(default=None, foreign_key="account.id")
    revoked_at: datetime | None = None


class LinkTry(SQLModel, table=True):
    """One wrong code from one account, kept for the limits on guessing."""

    metadata = metadata
    __tablename__ = "link_try"
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    at: datetime = Field(index=True)
