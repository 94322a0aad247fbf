"""Whatever is typed behind a command or a code is answered with a sentence, by everybody's desk."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot import files
from bot.desk import case_verbs, nouns
from bot.messages import Incoming, Outgoing, Rejected
from bot.words import fold
from storage.database import Database
from storage.scope import Viewer
from tests.cast import NOW
from tests.doing import Doing, everybody
from tests.promises.season import asks, invites, raises, visits

PEOPLE = ("CB001", "XA01", "UV01", "VP01")
HUGE = "99999999999999999999"
TAILS = (
    *("", "²", "-1", HUGE, "abc1", "trang x", f"trang {HUGE}", f"tiep {HUGE}", "danh sach ²"),
    *("2026-13", "9999-12", "quý 9", "2026-99-99", "2026-11 HOAMAU nghi", "2026-11 HOAMAU xyz"),
    *(f"2026-10 linhvuc {HUGE} {HUGE}", "2026-10 linhvuc 1 99", "2026-10 chon X-1"),
    *("2026-10 diaban x99999", f"2026-10 diaban u{HUGE}", f"2026-10 chuaghi {HUGE}"),
    *("2026-10 visits@x", "duyet ² mien", f"duyet {HUGE} mien", "CS-1 ²", f"CS-1 {HUGE}"),
    *("CS-1 dong y", "CS-999999999", "TH-13/2026", "TH-1/0000", f"{HUGE} kiennghi", "² CB001"),
    *("HOAMAU CB001 CB002 2026-13-45 dong y", "Hòa Mẫu: Đỗ Văn Thay từ 99/99/9999", ":", "%"),
    *("🙂" * 50, "mẫu " * 50),
)
CODES = tuple(f"{kind}-1" for kind in ("CS", "KN", "TR", "GM", "VH", "VB", "ND", "TH", "SL", "CV"))


@pytest.fixture
def session_of(db: Database, tmp_path: Path) -> Iterator[Doing]:
    """Everybody, one record of every kind, and files in a folder of the test."""
    files.use(tmp_path)
    cast = everybody(db)
    day = NOW.date()
    with db.writing() as session:
        for who, act in (
            ("CB001", visits("HOAMAU", day)),
            ("XA01", raises("HOAMAU", "cap_uy")),
            ("CB001", asks("HOAMAU", "CB001")),
            ("XA01", invites("HOAMAU", "CB001", day)),
        ):
            act(Doing(session, cast, who, NOW))
        yield Doing(session, cast, "CB001", NOW)
        session.rollback()
    files.use(Path("files"))


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("engine", ["sqlite"])
def test_no_words_behind_a_command_or_a_code_crash_the_desk(
    session_of: Doing, who: str, request: pytest.FixtureRequest
) -> None:
    """Each person types a share of the words; with --many everybody types all."""
    many = request.config.getoption("--many")
    share = TAILS if many else TAILS[PEOPLE.index(who) :: len(PEOPLE)]
    assert crashes(session_of, who, share) == []


@pytest.mark.parametrize("engine", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_no_huge_number_crashes_the_other_database(
    session_of: Doing, request: pytest.FixtureRequest
) -> None:
    """Each command with a third of them, by turns; with --many with all."""
    huge = [tail for tail in TAILS if HUGE in tail]
    assert crashes(session_of, "VP01", huge, 1 if request.config.getoption("--many") else 3) == []


def crashes(doing: Doing, who: str, tails: Sequence[str], turns: int = 1) -> list[str]:
    """What crashed, of these words behind every command, code and verb."""
    commands = {fold(command).replace(" ", ""): command for command in nouns.commands()}
    verbs = [f"KN-1 {verb.words}" for verb in case_verbs.VERBS]
    heads = [*commands.values(), *CODES, *verbs, ""]
    typed = [
        f"{head} {tail}".strip()
        for place, head in enumerate(heads)
        for tail in tails[place % turns :: turns]
    ]
    viewer = Doing(doing.session, doing.cast, who, NOW).viewer
    return [text for text in typed if text and _crashes(doing.session, viewer, text)]


def _crashes(session: Session, viewer: Viewer, text: str) -> str:
    words = nouns.read(Incoming(token=text[:200]), inbox_id=1, account_id=1)
    outer = session.begin_nested()
    try:
        said = nouns.answer(session, viewer, words, NOW)
        session.flush()
    except Rejected as sentence:
        return "" if str(sentence) else "an empty sentence"
    except (ValueError, TypeError, LookupError, AssertionError, AttributeError) as error:
        return repr(error)
    except (SQLAlchemyError, OverflowError) as error:
        return repr(error)
    finally:
        outer.rollback()
        session.expire_all()
    return "" if all(o.text for o in said if isinstance(o, Outgoing)) else "an empty message"
