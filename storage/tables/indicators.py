"""Programmes and figures that people enter: indicators, values, targets, criteria, work items."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata


class Indicator(SQLModel, table=True):
    """One version of what is counted, in force from a day on; values name it by its code."""

    metadata = metadata
    __table_args__ = (UniqueConstraint("code", "from_date"),)
    id: int | None = Field(default=None, primary_key=True)
    code: str
    from_date: date
    to_date: date | None = None  # last day in force
    name: str
    unit: str = ""  # what one is: "đảng viên", "tỷ đồng"
    population: str  # of whom it speaks: organisations are never tested as members
    kind: str  # so_luong (count), bo_phan (part), tinh (sum), ty_le (ratio)
    whole: str = ""  # of a part: the code of the whole
    formula: str = ""  # codes with + and -; of a ratio with "/" once
    out_of: str = ""  # what the denominator is called
    direction: str = ""  # tang: more is better, giam: less is
    adds: bool = False  # values of shorter spans add up to that of a longer one
    place: int = 0  # order in tables; grades from the best
    owner_id: int | None = Field(default=None, foreign_key="person.id")  # may enter it in chat
    basis: str = ""  # number of the document


class IndicatorValue(SQLModel, table=True):
    """A value as somebody entered it; a correction is a new version and the old one is kept.

    Numbers are kept as decimals in plain digits.
    """

    metadata = metadata
    __tablename__ = "indicator_value"
    __table_args__ = (UniqueConstraint("number", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    number: int  # SL-…, the same for all versions
    version: int = 1
    code: str = Field(index=True)
    area_id: int | None = Field(default=None, foreign_key="area.id", index=True)  # None: all
    from_date: date
    to_date: date  # the last day it speaks of
    value: str = ""
    numerator: str = ""
    denominator: str = ""
    source: str = ""
    entered_by_id: int | None = Field(default=None, foreign_key="person.id")
    entered_at: datetime
    replaced_at: datetime | None = None


class Target(SQLModel, table=True):
    """What is to be reached in a span of days, for the whole or for one unit."""

    metadata = metadata
    __table_args__ = (UniqueConstraint("code", "area_id", "from_date", "to_date"),)
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(index=True)
    area_id: int | None = Field(default=None, foreign_key="area.id", index=True)
    from_date: date
    to_date: date
    compare: str = "tu"  # tu (at least), den (at most), khoang (between)
    goal: str
    goal_to: str = ""  # of khoang
    share: bool = False  # per cent of the whole, not a number
    population: str  # of whom; it must be that of the indicator
    cumulative: bool | None = None  # of a share of a grade: with all better grades
    basis: str = ""


class Criterion(SQLModel, table=True):
    """One criterion of a set of 100 points, for one group of staff or for both."""

    metadata = metadata
    __table_args__ = (UniqueConstraint("set_code", "code", "from_date"),)
    id: int | None = Field(default=None, primary_key=True)
    set_code: str
    code: str
    from_date: date
    to_date: date | None = None
    name: str
    staff: str  # lanh_dao, khong_giu, ca_hai
    most: int
    place: int = 0
    basis: str = ""


class Score(SQLModel, table=True):
    """The points of one person under one criterion in one year; entered by workbook only."""

    metadata = metadata
    __table_args__ = (UniqueConstraint("person_id", "set_code", "criterion", "year"),)
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    set_code: str
    criterion: str
    year: int
    staff: str  # lanh_dao, khong_giu
    points: int


class WorkItem(SQLModel, table=True):
    """An item of a work programme, registered backlog or a pilot, with one owner and a day."""

    metadata = metadata
    __tablename__ = "work_item"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    number: int = Field(default=0, index=True)  # CV-…
    kind: str  # chuong_trinh, ton_dong, thi_diem
    text: str
    area_id: int | None = Field(default=None, foreign_key="area.id", index=True)
    owner_id: int = Field(foreign_key="person.id", index=True)
    begins_on: date | None = None
    due_on: date
    state: str = "dang_lam"  # dang_lam, xong, rut
    done_on: date | None = None
    result: str = ""
    basis: str = ""
    doubt: str = ""  # what an import found odd and left as it was written


class ReviewComment(SQLModel, table=True):
    """A word on a cadre's year by the commune, a superior, or the cadre's own answer."""

    metadata = metadata
    __tablename__ = "review_comment"
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    year: int
    author_id: int = Field(foreign_key="person.id")
    role: str  # xa, cap_tren, tra_loi
    area_id: int | None = Field(default=None, foreign_key="area.id")
    text: str
    at: datetime
