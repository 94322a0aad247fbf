"""(e), (f) and (g): the real process, seen from the phones of a province."""

import asyncio
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Any

from bot.messages import Outgoing
from bot.sandbox.app import create_app
from bot.sandbox.running import running
from bot.work.post import post
from storage.database import Database
from tests.bench.databases import Databases
from tests.bench.lines import Line
from tests.bench.people import make_people
from tests.many_phones import ManyPhones

PEOPLE = 328
MINUTE = 60.0
TOKEN = "4242:bench"
PATIENCE = 60.0  # seconds a person waits for an answer
ANSWER, MEMORY, START = 1.0, 120.0, 5.0  # seconds, megabytes, seconds
Started = AbstractContextManager[subprocess.Popen[bytes]]
SLIP = "Xã Mẫu {0} hôm nay họp thôn, nắm N{0}X ổn"


@dataclass
class Phone:
    """One person's phone: what came from the service, and a sign that something came."""

    number: int
    seen: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Measured:
    """What one life of the process showed."""

    start: float = 0.0  # seconds until its first answer
    answers: list[float] = field(default_factory=list)  # seconds, as the phones saw them
    digests: int = 0
    megabytes: float = 0.0


def service(found: Databases, *, people: int, seconds: float, wanted: set[str]) -> Iterator[Line]:
    """(e), (f) and (g) of one process for each database; the lines that are wanted."""
    lives = {
        engine: asyncio.run(_live(found.fresh(engine), people, seconds, found.installed))
        for engine in found.engines
    }
    lines = (_answers(lives, people, seconds), _memory(lives), _starts(lives))
    yield from (line for line in lines if line.bench in wanted)


def _answers(lives: dict[str, Measured], people: int, seconds: float) -> Line:
    figures = {}
    for engine, life in lives.items():
        cuts = quantiles(life.answers, n=100)
        figures[f"{engine}_answers"] = len(life.answers)
        figures[f"{engine}_digests"] = life.digests
        figures[f"{engine}_p50_seconds"] = round(cuts[49], 3)
        figures[f"{engine}_p95_seconds"] = round(cuts[94], 3)
        figures[f"{engine}_slowest_seconds"] = round(max(life.answers), 3)
    return Line(
        "e",
        f"{people} people write within {seconds:g} s, each twice, while a digest goes to all",
        f"an answer's p95 under {ANSWER:g} s",
        all(figures[f"{engine}_p95_seconds"] < ANSWER for engine in lives),
        figures,
    )


def _memory(lives: dict[str, Measured]) -> Line:
    figures = {f"{engine}_megabytes": life.megabytes for engine, life in lives.items()}
    return Line(
        "f",
        "resident memory of the process after that",
        f"at most {MEMORY:g} MB",
        all(value <= MEMORY for value in figures.values()),
        figures,
    )


def _starts(lives: dict[str, Measured]) -> Line:
    figures = {f"{engine}_seconds": round(life.start, 2) for engine, life in lives.items()}
    return Line(
        "g",
        "from the start of the process to the first answer on a phone",
        f"at most {START:g} s",
        all(value <= START for value in figures.values()),
        figures,
    )


async def _live(url: str, people: int, seconds: float, env: dict[str, str]) -> Measured:
    db = Database(url)
    with db.writing() as session:
        numbers = make_people(session, people)
    phones = [{"id": str(n), "name": f"Cán bộ {n}", "opened": True} for n in numbers]
    with running(create_app(token=TOKEN, phones=phones)) as address:
        async with Province(address, numbers) as province:
            with _process(url, address, env):
                await province.first_answer(time.perf_counter())  # its modules are compiled now
            return await _lived(db, province, partial(_process, url, address, env), seconds)


async def _lived(
    db: Database, province: "Province", started: Callable[[], Started], seconds: float
) -> Measured:
    life = Measured()
    began = time.perf_counter()
    with started() as process:
        life.start = await province.first_answer(began)
        await asyncio.to_thread(_digest, db, len(province.phones))
        life.answers = await province.writes(seconds)
        life.digests = await province.digests()
        life.megabytes = _resident(process.pid)
    db.close()
    return life


def _digest(db: Database, people: int) -> None:
    with db.writing() as session:
        for person_id in range(1, people + 1):
            post(session, [Outgoing("Bản tổng hợp tháng", kind="digest", person_id=person_id)])


class Province:
    """Everybody's phones on one sandbox."""

    def __init__(self, address: str, numbers: list[int]) -> None:
        self.phones = {str(number): Phone(number) for number in numbers}
        self._wire = ManyPhones(address)

    async def __aenter__(self) -> "Province":
        self._wire.listen(self.hear)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._wire.close()

    async def first_answer(self, began: float) -> float:
        """Seconds from that moment until a person who wrote at once is answered."""
        phone = next(iter(self.phones.values()))
        phone.seen.clear()
        await self._do(phone, "text", text="/huongdan")
        await self._until(phone, lambda: bool(phone.seen))
        return time.perf_counter() - began

    async def writes(self, seconds: float) -> list[float]:
        """Everybody logs a visit within that time; how long each answer took."""
        dice = random.Random(328)
        each = (
            self._logs(phone, after=dice.uniform(0, seconds), reads=dice.uniform(2, 5))
            for phone in self.phones.values()
        )
        return [took for pair in await asyncio.gather(*each) for took in pair]

    async def digests(self) -> int:
        """How many got the digest, once all should have."""
        for phone in self.phones.values():
            await self._until(phone, lambda p=phone: any("Bản tổng hợp" in t for t in p.seen))
        return sum("Bản tổng hợp" in text for p in self.phones.values() for text in p.seen)

    async def _logs(self, phone: Phone, *, after: float, reads: float) -> tuple[float, float]:
        """Tell of a visit, read the answer for some seconds, and send the slip off."""
        await asyncio.sleep(after)
        slip = SLIP.format(phone.number)
        told = await self._timed(phone, "text", f"N{phone.number}X", text=slip)
        await asyncio.sleep(reads)
        kept = await self._timed(phone, "press", "Đã lưu phiếu", label="Gửi")
        return told, kept

    async def _timed(self, phone: Phone, act: str, answer: str, **data: str) -> float:
        before, began = len(phone.seen), time.perf_counter()
        await self._do(phone, act, **data)
        await self._until(phone, lambda: any(answer in text for text in phone.seen[before:]))
        return time.perf_counter() - began

    async def _do(self, phone: Phone, act: str, **data: str) -> None:
        await self._wire.do(str(phone.number), act, **data)

    async def _until(self, phone: Phone, done: Any) -> None:
        async with asyncio.timeout(PATIENCE):
            while not done():
                phone.news.clear()
                await phone.news.wait()

    def hear(self, number: str, text: str) -> None:
        """Note what the service shows on a phone."""
        phone = self.phones.get(number)
        if phone is not None:
            phone.seen.append(text)
            phone.news.set()


@contextmanager
def _process(url: str, address: str, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """`sausat serve` as it is started for good, with its log in a file."""
    kept = {k: v for k, v in env.items() if not k.startswith("SAUSAT_")}
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("wb") as log:
        settings = {
            "SAUSAT_DATABASE_URL": url,
            "SAUSAT_FILES": str(Path(folder) / "files"),
            "SAUSAT_TELEGRAM_TOKEN": TOKEN,
            "SAUSAT_TELEGRAM_API": address,
            "SAUSAT_BIND": f"127.0.0.1:{_free_port()}",
        }
        command = [sys.executable, "-m", "bot", "serve"]
        process = subprocess.Popen(command, env=kept | settings, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


def _resident(number: int) -> float:
    """Megabytes of memory that the process holds now."""
    for line in Path(f"/proc/{number}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) / 1024, 1)
    raise RuntimeError("this system does not tell a process's memory")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
