"""Cases (kiến nghị, phản ánh, thắc mắc), what happened to them, and opinions of leaders."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata


class Case(SQLModel, table=True):
    """Something raised; while open it has exactly one owner and one due date."""

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    number: int = Field(unique=True)  # KN-…
    area_id: int = Field(foreign_key="area.id", index=True)
    visit_id: int | None = Field(default=None, foreign_key="visit.id", index=True)
    raised_by_id: int = Field(foreign_key="person.id", index=True)
    kind: str = "kien_nghi"  # kien_nghi, phan_anh, thac_mac
    source: str  # cap_uy, nhan_dan, can_bo
    field_id: int | None = Field(default=None, foreign_key="field_of_work.id", index=True)
    text: str
    document: str = ""  # "theo Công văn số …"
    outcome: str = "passed_up"  # explained, passed_to_commune, passed_up
    state: str = Field(index=True)  # see bot.rules.cases
    owner_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    owner_area_id: int | None = Field(default=None, foreign_key="area.id")  # the commune's seat
    owner_role: str = ""  # a seat such as tong_hop or thuong_truc, when no one person owns it
    due_on: date | None = None
    raised_at: datetime = Field(index=True)
    answer: str = ""
    answered_at: datetime | None = None
    answer_by_id: int | None = Field(default=None, foreign_key="person.id")
    promised_on: date | None = None  # the day by which the answer says something will be done
    told_commune_at: datetime | None = None
    commune_word: str = ""  # done, partly, not_yet, reconsider
    commune_note: str = ""
    ended_at: datetime | None = Field(default=None, index=True)
    ended_how: str = ""
    ending: str = ""  # what it will end as, when the answer is no solution
    department_id: int | None = Field(default=None, foreign_key="person.id")  # handed directly to
    pinned: bool = False  # the office chose its sentence for the digest
    merged_into_id: int | None = Field(default=None, foreign_key="case.id", index=True)


class CaseEvent(SQLModel, table=True):
    """One step in a case's life, append-only."""

    metadata = metadata
    __tablename__ = "case_event"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="person.id")
    act: str
    state: str
    text: str = ""
    due_on: date | None = None


class Opinion(SQLModel, table=True):
    """A leader's word; it goes to the office and becomes an answer only by a person's act."""

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    case_id: int | None = Field(default=None, foreign_key="case.id", index=True)
    report_id: int | None = Field(default=None, foreign_key="report.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    text: str
    due_on: date | None = None
    given_at: datetime
    handled_at: datetime | None = None
    handled_by_id: int | None = Field(default=None, foreign_key="person.id")
    handled_as: str = ""  # what a person made of it: ND-17, KN-312, the number of a document
