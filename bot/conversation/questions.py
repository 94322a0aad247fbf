"""The kinds of question a form can ask."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from bot.conversation.commands import DONE, DROP, SEND
from bot.conversation.dates import Open, read_date
from bot.conversation.form import Choice, Draft, Look, Question, Reading, ValueAsked
from bot.conversation.numbers import Open as OpenNumber
from bot.conversation.numbers import read_number
from bot.messages import Incoming, Rejected
from bot.words import exact, find, full_day, weekday

ANOTHER_DAY = "khac"


@dataclass(frozen=True)
class Pick(Question):
    """One of several: fixed `options`, or those that `look` knows under the name `source`."""

    options: tuple[Choice, ...] = ()
    source: str = ""

    def choices(self, draft: Draft, look: Look) -> Sequence[Choice]:
        return look.choices(self.source, draft) if self.source else self.options

    def read(self, reading: Reading) -> Any:
        known = self.choices(reading.draft, reading.look)
        if reading.incoming.token:
            return pressed(known, reading.incoming.token).token
        return one_of(matching(known, reading.incoming.text), reading.incoming.text).token

    def show(self, value: Any, draft: Draft, look: Look) -> str:
        return next((c.label for c in self.choices(draft, look) if c.token == value), str(value))


@dataclass(frozen=True)
class PickMany(Pick):
    """Several of several: a value is a list of tokens; text may name more than one, by commas."""

    stays: ClassVar[bool] = True

    def read(self, reading: Reading) -> Any:
        known = self.choices(reading.draft, reading.look)
        kept: list[str] = list(reading.draft.value(self.name) or [])
        if reading.incoming.token:
            token = pressed(known, reading.incoming.token).token
            return [t for t in kept if t != token] if token in kept else [*kept, token]
        named = [part for part in reading.incoming.text.split(",") if part.strip()]
        found = [one_of(matching(known, part), part).token for part in named]
        return kept + [token for token in found if token not in kept]

    def show(self, value: Any, draft: Draft, look: Look) -> str:
        labels = {c.token: c.label for c in self.choices(draft, look)}
        return ", ".join(labels.get(token, token) for token in value)


@dataclass(frozen=True)
class Day(Question):
    """A day, as people write it; `future` allows one that has not come yet."""

    future: bool = False

    def choices(self, draft: Draft, look: Look) -> Sequence[Choice]:
        today = look.today()
        near = (
            (("Hôm nay", 0), ("Ngày mai", 1)) if self.future else (("Hôm nay", 0), ("Hôm qua", -1))
        )
        days = [Choice((today + timedelta(days=n)).isoformat(), label) for label, n in near]
        return (*days, Choice(ANOTHER_DAY, "Ngày khác"))

    def read(self, reading: Reading) -> Any:
        said = reading.incoming.token or reading.incoming.text
        if said == ANOTHER_DAY:
            raise Rejected("Xin nhắn ngày, ví dụ: 19/11, hôm kia, thứ hai tuần trước.")
        return self._from_words(said, reading.look.today())

    def _from_words(self, said: str, today: date) -> str:
        found = read_date(said, today, future=self.future)
        if isinstance(found, Open):
            sure = [Choice(d.isoformat(), _full(d)) for d in found.candidates]
            raise ValueAsked("Đồng chí nói ngày nào?", sure)
        if found is None:
            kept = "" if self.future else ", không ghi ngày chưa tới"
            raise Rejected(f"Xin nhắn ngày như 19/11 hoặc 19/11/2026{kept}.")
        return found.isoformat()

    def show(self, value: Any, draft: Draft, look: Look) -> str:
        return _full(date.fromisoformat(value))


@dataclass(frozen=True)
class Number(Question):
    """A number as Vietnamese writes it; the value is a decimal in plain digits."""

    minimum: int | None = None
    maximum: int | None = None

    def read(self, reading: Reading) -> Any:
        said, token = reading.incoming.text, reading.incoming.token
        found = Decimal(token) if token else read_number(said)
        if isinstance(found, OpenNumber):
            both = [Choice(str(n), str(n).replace(".", ",")) for n in found.candidates]
            raise ValueAsked(f"“{said}” là số nào?", both)
        if found is None:
            raise Rejected("Xin nhắn một số, ví dụ: 1.246 hoặc 13,5.")
        if self.minimum is not None and found < self.minimum:
            raise Rejected(f"Số này không được nhỏ hơn {self.minimum}.")
        if self.maximum is not None and found > self.maximum:
            raise Rejected(f"Số này không được lớn hơn {self.maximum}.")
        return str(found)

    def show(self, value: Any, draft: Draft, look: Look) -> str:
        return str(value).replace(".", ",")


@dataclass(frozen=True)
class Text(Question):
    """Free text within limits (in characters)."""

    free: ClassVar[bool] = True
    shortest: int = 1
    longest: int = 3000

    def read(self, reading: Reading) -> Any:
        if reading.incoming.media is not None and reading.incoming.media.kind == "voice":
            raise Rejected("Xin nhắn chữ, hoặc đọc bằng phím micro trên bàn phím.")
        said = reading.incoming.text.strip()
        if len(said) < self.shortest:
            raise Rejected("Xin ghi vài chữ.")
        if len(said) > self.longest:
            raise Rejected(
                f"Nội dung dài {len(said)} chữ, tối đa {self.longest}. Xin rút gọn hoặc tách ra."
            )
        return said

    def again(self, old: Any, new: Any) -> Any:
        return f"{old}\n{new}" if old else new


@dataclass(frozen=True)
class Texts(Text):
    """Several short texts, one a message; the value is a list."""

    def read(self, reading: Reading) -> Any:
        return [*(reading.draft.value(self.name) or []), super().read(reading)]

    def again(self, old: Any, new: Any) -> Any:
        return new

    def show(self, value: Any, draft: Draft, look: Look) -> str:
        return "; ".join(value)


@dataclass(frozen=True)
class Photos(Question):
    """Photos, none or many, with captions; a value is a list of {reference, caption, message}."""

    stays: ClassVar[bool] = True
    wants: ClassVar[str] = "photos"
    over: ClassVar[str] = DONE  # what says that there are no more
    most: int = 20

    def read(self, reading: Reading) -> Any:
        media = reading.incoming.media
        if media is None or media.kind not in ("photo", "document"):
            out = self.over if self.optional or reading.draft.value(self.name) else DROP
            raise Rejected(f"Xin gửi ảnh, hoặc chọn {out}.")
        kept: list[dict[str, str]] = list(reading.draft.value(self.name) or [])
        if len(kept) >= self.most:
            raise Rejected(f"Một phiếu nhận tối đa {self.most} ảnh.")
        photo = {
            "reference": media.reference,
            "caption": reading.incoming.text,
            "message": reading.incoming.message_id,
        }
        if media.kind == "document":
            photo["kind"] = media.kind
        same = [p for p in kept if p["message"] and p["message"] == photo["message"]]
        return [photo if p in same else p for p in kept] if same else [*kept, photo]

    def show(self, value: Any, draft: Draft, look: Look) -> str:
        captions = [p["caption"] for p in value if p["caption"]]
        return counted(value) + (f" ({'; '.join(captions)})" if captions else "")


@dataclass(frozen=True)
class Papers(Photos):
    """Files that go as soon as one has come: photos and albums are many, and end with a button."""

    over: ClassVar[str] = SEND

    def goes_on(self, message: Incoming) -> bool:
        sheet = message.media is not None and message.media.kind == "document"
        return not sheet or bool(message.album) or message.more


def counted(sent: Sequence[Mapping[str, str]]) -> str:
    """ "2 ảnh", "1 tệp", "2 ảnh, 1 tệp": what a value of `Photos` holds."""
    papers = sum(each.get("kind") == "document" for each in sent)
    numbers = ((len(sent) - papers, "ảnh"), (papers, "tệp"))
    return ", ".join(f"{number} {what}" for number, what in numbers if number)


@dataclass(frozen=True)
class Location(Question):
    """A point on the map; a value is [latitude, longitude] in degrees."""

    wants: ClassVar[str] = "place"

    def read(self, reading: Reading) -> Any:
        place = reading.incoming.place
        if place is None:
            raise Rejected("Xin gửi vị trí, hoặc chọn Quay lại.")
        return [place.latitude, place.longitude]

    def show(self, value: Any, draft: Draft, look: Look) -> str:
        return "vị trí"


@dataclass(frozen=True)
class Spread(Text):
    """Free text that `reads` takes apart into the answers of other questions."""

    reads: Callable[[str, Draft, Look], dict[str, Any]] = lambda text, draft, look: {}

    def spread(self, value: Any, draft: Draft, look: Look) -> dict[str, Any]:
        return {self.name: value, **self.reads(value, draft, look)}


def matching(known: Sequence[Choice], text: str) -> list[Choice]:
    """The choices a text names: by the whole label, else by part of it, marks or not."""
    named = [(choice.token, choice.label) for choice in known]
    found = exact(text, named) or find(text, named)
    return [choice for choice in known if choice.token in found]


def one_of(found: Sequence[Choice], said: str) -> Choice:
    """The only choice found; asks when there are several, refuses when there is none."""
    if len(found) == 1:
        return found[0]
    if found:
        raise ValueAsked("Đồng chí chọn:", found)
    if not said.strip():
        raise Rejected("Xin chọn một trong các mục dưới đây.")
    raise Rejected(f"“{said.strip()[:40]}” không có trong các lựa chọn.")


def pressed(known: Sequence[Choice], token: str) -> Choice:
    """The choice a button stands for; it may have gone since it was printed."""
    for choice in known:
        if choice.token == token:
            return choice
    raise Rejected("Lựa chọn này không còn.")


def recording(seconds: int) -> str:
    """ghi âm 0:48; some channels do not say how long it is."""
    return f"ghi âm {seconds // 60}:{seconds % 60:02d}" if seconds else "ghi âm"


def _full(value: date) -> str:
    return f"{weekday(value)}, {full_day(value)}"
