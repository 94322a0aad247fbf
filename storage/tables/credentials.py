"""What a bot needs to call its channel when that changes by itself: tokens that are refreshed."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata


class Credential(SQLModel, table=True):
    """The newest pair of tokens of one bot; a refresh token counts once."""

    metadata = metadata
    bot: str = Field(primary_key=True)  # channel and app id, "zalo_oa:123456"
    access_token: str
    refresh_token: str
    expires_at: datetime  # of the access token, in real time
    refreshed_at: datetime
    seed: str = ""  # digest of the setting that the pair descends from
