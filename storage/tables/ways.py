"""By which channel people are reached: what each prefers, and what a bot has used of a month."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata


class Preference(SQLModel, table=True):
    """The channel on which a person wants messages of one kind."""

    metadata = metadata
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    kind: str = Field(primary_key=True)  # reminder, notice, digest
    channel: str  # "zalo"


class BotMonth(SQLModel, table=True):
    """What a bot with a monthly quota sent and received in a month of the province."""

    metadata = metadata
    __tablename__ = "bot_month"
    bot: str = Field(primary_key=True)
    month: str = Field(primary_key=True)  # "2026-11"
    most: int  # the quota
    sent: int = 0
    received: int = 0
    used_up_at: datetime | None = None  # the channel itself said that no more goes
