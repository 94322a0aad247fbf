"""Areas (địa bàn): a tree whose levels are data, with validity dates and successors."""

from datetime import date

from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata


class Area(SQLModel, table=True):
    """A province, cluster, commune, village, or a unit that is not a place."""

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    level: str  # tinh, cum, huyen, xa, thon, to_chuc
    parent_id: int | None = Field(default=None, foreign_key="area.id", index=True)
    place: int = 0  # order in the official list: the row's place when imported
    valid_from: date | None = None
    valid_to: date | None = None  # last day in force


class AreaSuccessor(SQLModel, table=True):
    """What became of an old area; an old one may have several successors."""

    metadata = metadata
    __tablename__ = "area_successor"
    old_id: int = Field(primary_key=True, foreign_key="area.id")
    new_id: int = Field(primary_key=True, foreign_key="area.id", index=True)
