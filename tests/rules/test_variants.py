"""Dates, numbers and references of the field in more than 500 spellings: right, or asked about."""

import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import product

from bot.conversation.date_readers import Open as OpenDay
from bot.conversation.dates import read_date
from bot.conversation.numbers import Open as OpenNumber
from bot.conversation.numbers import read_number
from bot.rules.documents import Document, read_document
from bot.rules.documents import Open as OpenDocument

TODAY = date(2026, 11, 24)
ASKED = (type(None), OpenDay, OpenNumber, OpenDocument)

LETTERS: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: unicodedata.normalize("NFD", text),
    str.lower,
    str.upper,
    lambda text: text.replace("Đ", "Ð").replace("đ", "ð"),
    lambda text: f"  {text} ",
    lambda text: text.replace(" ", "\u00a0"),
    lambda text: "".join(
        c
        for c in unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
        if not unicodedata.combining(c)
    ),
)
"""As it stands, by another keyboard, in a hurry, in capitals, with Eth, with blanks, unmarked."""

DAYS = (
    *((29, 4, 2021), (18, 3, 2019), (1, 6, 2020), (12, 6, 2019), (21, 11, 2018), (24, 10, 2021)),
    *((13, 11, 2018), (21, 1, 2019), (25, 11, 2019), (23, 6, 2022), (21, 9, 2004), (5, 4, 2026)),
)
DAY_FORMS = (
    *("{d}.{m}.{y}", "{d}-{m}-{y}", "{d}/{m}/{y}", "{d:02}/{m:02}/{y}", "{d} / {m} / {y}"),
    *("ngày {d} tháng {m} năm {y}", "ngày {d:02}.{m:02}.{y}", "{y}-{m:02}-{d:02}"),
)
NUMBERS = (
    *("1183.7", "13.5", "494.89", "46.6", "1246", "4702", "15706", "16340", "3835", "2013"),
    *("879", "633", "82.99", "0.5", "5115"),
)
CODES = (
    *((2, "QĐ", "TU", ""), (33, "CT", "TW", "Chỉ thị"), (1178, "QĐ", "TU", "")),
    *((1295, "QĐ", "TU", ""), (38, "KL", "TW", "Kết luận"), (22, "NQ", "TW", "Nghị quyết")),
    *((28, "CT", "TW", "Chỉ thị"), (14, "KL", "TW", "Kết luận"), (3, "KH", "TW", "Kế hoạch")),
    *((1043, "QĐ", "TU", ""), (76, "QĐ", "TW", ""), (812, "CV", "VPTU", "Công văn")),
)
CODE_FORMS = ("{n:02}-{k}/{b}", "{n} - {k} / {b}", "số {n:02}-{k}/{b}", "{k} {n:02}-{k}/{b}")
BARE = (("Quy định", 13), ("Kế hoạch", 23), ("Đề án", 3333), ("Nghị quyết", 22))


def dates() -> Iterator[tuple[str, object]]:
    for (d, m, y), form in product(DAYS, DAY_FORMS):
        yield form.format(d=d, m=m, y=y), date(y, m, d)


def numbers() -> Iterator[tuple[str, object]]:
    for number in NUMBERS:
        whole, _, places = number.partition(".")
        dotted = f"{int(whole):,}".replace(",", ".")
        tail = f",{places}" if places else ""
        for said in (
            dotted + tail,
            whole + tail,
            dotted + tail + "%",
            dotted + tail + " hộ",
            number,
        ):
            yield said, Decimal(number)


def references() -> Iterator[tuple[str, object]]:
    for (n, k, b, kind), form in product(CODES, CODE_FORMS):
        yield form.format(n=n, k=k, b=b), Document(f"{n:02}-{k}/{b}", kind)
    for (n, k, b, kind), (d, m, y) in product(CODES[:6], DAYS[:3]):
        said = f"{n:02}-{k}/{b} ngày {d}.{m}.{y}"
        yield said, Document(f"{n:02}-{k}/{b}", kind, date(y, m, d))
        yield f"{n:02}-{k}/{b} ngày {d}.{m}", None  # the year is always asked
    for kind, n in BARE:
        yield f"{kind} số {n}", Document(str(n), kind)
        yield f"{kind} {n}", Document(str(n), kind)


def variants() -> Iterator[tuple[str, object, object]]:
    """Every case in every spelling, what it means, and how it was read."""
    readers: tuple[tuple[Iterator[tuple[str, object]], Callable[[str], object]], ...] = (
        (dates(), lambda text: read_date(text, TODAY, future=False)),
        (numbers(), read_number),
        (references(), lambda text: read_document(text, TODAY)),
    )
    for cases, read in readers:
        for (said, meant), spelled in product(list(cases), LETTERS):
            yield spelled(said), meant, read(spelled(said))


def test_no_spelling_is_silently_wrong() -> None:
    found = {said: (meant, read) for said, meant, read in variants()}
    wrong = {
        said: pair
        for said, pair in found.items()
        if not isinstance(pair[1], ASKED) and pair[1] != pair[0]
    }
    assert len(found) > 500
    assert wrong == {}


def test_most_spellings_need_no_asking() -> None:
    sure = [(meant, read) for _, meant, read in variants() if meant is not None]
    right = [read for meant, read in sure if read == meant]
    assert len(right) >= len(sure) * 9 // 10
