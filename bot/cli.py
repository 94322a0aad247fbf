"""The command line: every command of the service; what is heavy is imported where it is used."""

import sys
from dataclasses import asdict
from datetime import datetime
from errno import EADDRINUSE
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot import upkeep
from bot.helping import explained
from bot.terminal import AsJson, Failed, one_of, opened, progress, say, sentence, show

app = typer.Typer(
    name="sausat",
    help="Sâu Sát: phiếu đi cơ sở, kiến nghị, nhắc việc và bản tổng hợp qua tin nhắn.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _layout(given: str) -> str:
    from bot.rules.province import LAYOUTS

    one_of("--profile", given, ["", *LAYOUTS])
    return given


Profile = Annotated[
    str,
    typer.Option(
        callback=_layout,
        help="Thể thức bản Word: hd05, hd36, nd30; để trống thì theo cài đặt.",
    ),
]


@app.callback(invoke_without_command=True)
def _without_command(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        say(context.get_help())


@app.command(help="Chạy thử trên máy này, không cần mạng và không cần mã của bot.")
def demo(
    port: Annotated[int, typer.Option(help="Cổng của trang điện thoại.")] = 8081,
    headless: Annotated[bool, typer.Option(help="Không mở trình duyệt.")] = False,
    channels: Annotated[
        str, typer.Option(help="Các kênh, cách nhau bằng dấu phẩy: telegram, zalo, zalo_oa.")
    ] = "telegram",
) -> None:
    from bot.demo.channels import CHANNELS
    from bot.demo.run import DemoFailed, run

    names = list(dict.fromkeys(name.strip() for name in channels.split(",")))
    for name in names:
        one_of("--channels", name, list(CHANNELS))

    def started(address: str) -> None:
        say(f"Mở trang điện thoại: {address}  (dừng: Ctrl-C)")
        if not headless:
            typer.launch(address)

    try:
        run(port, names, started=started)
    except DemoFailed as log:
        raise Failed(
            f"Dịch vụ của bản chạy thử đã dừng. Cuối nhật ký của dịch vụ:\n{log}"
        ) from None
    except OSError as error:
        if error.errno != EADDRINUSE:
            raise
        raise Failed(
            f"--port: cổng {port} đang có chương trình khác dùng; thử --port {port + 1}"
        ) from None


@app.command(help="Chạy dịch vụ.")
def serve() -> None:
    from bot.channels import configured
    from bot.work import run
    from bot.work.credentials import Vault
    from storage import migrate

    with opened(upgraded=False) as (settings, db):
        if migrate.current(db) != migrate.head():
            migrate.upgrade(db)
        channels = configured(settings, partial(Vault, db))
        if not channels:
            raise Failed(
                "Chưa có kênh nào: đặt SAUSAT_ZALO_TOKEN, SAUSAT_TELEGRAM_TOKEN hoặc đủ bốn biến "
                "SAUSAT_ZALO_OA_…, hoặc chạy thử: sausat demo"
            )
        run.serve(db, channels, settings)


@app.command(help="Tạo hoặc nâng cấp cơ sở dữ liệu và thư mục tệp.")
def init() -> None:
    from storage import migrate

    with opened(upgraded=False) as (settings, db):
        migrate.upgrade(db)
        settings.files.mkdir(parents=True, exist_ok=True)
        say(f"Cơ sở dữ liệu đã sẵn sàng, cấu trúc {migrate.head()}. Tệp: {settings.files}")


@app.command("import", help="Nhập danh sách từ tệp .xlsx hoặc thư mục .csv.")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True)], as_json: AsJson = False
) -> None:
    from bot.roster.loading import import_roster
    from bot.work import clock

    with opened() as (_, db), progress("Nhập danh sách") as bar:
        result = import_roster(db, file, clock.now(db), bar)
    show(asdict(result), result.said(), as_json=as_json)


@app.command(help="Nạp một bộ chỉ tiêu có sẵn và dữ liệu mẫu vào cơ sở dữ liệu còn trống.")
def preset(name: Annotated[str, typer.Argument(metavar="NAME")], as_json: AsJson = False) -> None:
    from bot.roster import presets
    from bot.work import clock
    from storage import people

    one_of("NAME", name, presets.names())
    with opened() as (_, db), progress("Nạp dữ liệu mẫu"):
        with db.reading() as session:
            if people.everybody(session):
                raise Failed("Cơ sở dữ liệu đã có người. Xin dùng một cơ sở dữ liệu còn trống.")
        result = presets.load(db, name, clock.now(db))
    period = presets.read(name)["ky"]
    how = f"Xem: sausat report --period {period} --docx ban.docx --xlsx ban.xlsx"
    show(asdict(result) | {"period": period}, f"{result.said()}\n{how}", as_json=as_json)


@app.command("sample-roster", help="Viết danh sách mẫu của một tỉnh, tên người là giả định.")
def sample_roster(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    province: Annotated[str, typer.Option(help="Tên tỉnh, ví dụ Gia Lai.")] = "Gia Lai",
    before_2025: Annotated[
        bool, typer.Option("--before-2025", help="Địa bàn trước tháng 7/2025, còn cấp huyện.")
    ] = False,
) -> None:
    from bot.roster.sample import write_sample

    try:
        write_sample(file, province, before_2025=before_2025)
    except LookupError:
        raise Failed(f"Không có tỉnh {province}. Xin ghi tên như Gia Lai, Cần Thơ.") from None
    say(f"Đã viết danh sách mẫu vào {file}. Nhập thử: sausat import {file}")


@app.command(help="Cấp mã kết nối cho một người (mã trong danh sách) hoặc --all.")
def invite(
    person: Annotated[str, typer.Argument(metavar="PERSON")] = "",
    everybody: Annotated[bool, typer.Option("--all", help="Mọi người chưa kết nối.")] = False,
    out: Annotated[Path | None, typer.Option(help="Tệp Word gồm các phiếu để in.")] = None,
    as_json: AsJson = False,
) -> None:
    from bot.roster import slips
    from bot.work import clock, inviting

    if bool(person) == everybody:
        raise Failed("Xin ghi mã của một người, hoặc --all")
    with opened() as (settings, db), progress("Cấp mã") as bar:
        at = clock.now(db)
        done = inviting.to_all(db, at, bar.count) if everybody else inviting.to_one(db, person, at)
        bots = inviting.bots(settings, db, at)
    if out:
        slips.write(out, done.issued, bots)
    text = done.said if everybody else f"Mã của {person}: {done.issued[0].code}. {done.said}"
    show(slips.as_json(done.issued, bots), text, as_json=as_json)


@app.command(help="Ngắt mọi tài khoản của một người, ví dụ khi mất máy.")
def revoke(person: Annotated[str, typer.Argument(metavar="PERSON")]) -> None:
    from bot.work import clock, inviting

    with opened() as (_, db):
        count = inviting.revoke(db, person, clock.now(db))
    say(f"Đã ngắt {count} tài khoản của {person}. Mã mới: sausat invite {person}")


@app.command(help="Một lượt của đồng hồ: làm những việc đến hạn, không gửi.")
def tick(
    at: Annotated[datetime, typer.Option(help="Thời điểm, ví dụ 2026-11-24T07:15.")],
) -> None:
    from bot.work.tick import tick as run_tick

    with opened() as (settings, db):
        moment = at if at.tzinfo else at.replace(tzinfo=settings.zone)
        if failed := run_tick(db, moment):
            raise Failed(f"Chưa xong: {', '.join(failed)}. Chi tiết ở nhật ký phía trên.")


@app.command(help="In bản tổng hợp của một kỳ.")
def report(
    period: Annotated[str, typer.Option(help="2026-10, 2026-Q4, 2026-H1, 2026-9T hoặc 2026.")],
    area: Annotated[str, typer.Option(metavar="CODE", help="Chỉ một địa bàn.")] = "",
    docx: Annotated[Path | None, typer.Option(metavar="F", help="Tệp Word.")] = None,
    xlsx: Annotated[Path | None, typer.Option(metavar="F", help="Tệp Excel.")] = None,
    png: Annotated[Path | None, typer.Option(metavar="F", help="Biểu đồ.")] = None,
    profile: Profile = "",
    as_json: AsJson = False,
) -> None:
    from bot.work import clock, reporting

    with opened() as (_, db), progress("Tổng hợp") as bar:
        at = clock.now(db)
        bar.tell("tính số liệu")
        found = reporting.compile_(db, period, area, at)
        for what, path, write in (
            ("Word", docx, partial(reporting.word, db, at=at, profile=profile)),
            ("Excel", xlsx, partial(reporting.excel, db)),
            ("biểu đồ", png, reporting.chart),
        ):
            if path:
                bar.tell(what)
                path.write_bytes(write(found))
        said = reporting.text(db, found)
    show(found.to_json(), said, as_json=as_json)


@app.command(help="In trang bàn giao của lần đổi người theo dõi gần nhất ở một địa bàn.")
def handover(
    area: Annotated[str, typer.Argument(metavar="CODE")],
    docx: Annotated[Path | None, typer.Option(metavar="F", help="Tệp Word để ký.")] = None,
    profile: Profile = "",
    as_json: AsJson = False,
) -> None:
    from bot.work import clock
    from bot.work.handed_over import Page

    with opened() as (_, db):
        page = Page(db, area, clock.now(db))
        if docx:
            docx.write_bytes(page.word(profile))
        show(page.to_json(), page.text(), as_json=as_json)


@app.command("check-docx", help="Kiểm tra thể thức một tệp Word bất kỳ; mã thoát 1 khi có lỗi.")
def check_docx(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)],
    profile: Annotated[str, typer.Option(help="hd05, hd36 hoặc nd30.")] = "hd05",
    as_json: AsJson = False,
) -> None:
    from bot.layout import checking
    from bot.layout.profiles import PROFILES

    one_of("--profile", profile, PROFILES)
    layout = PROFILES[profile]
    found = checking.check(file.read_bytes(), layout)
    show([asdict(one) for one in found], checking.said(found, layout), as_json=as_json)
    if found:
        raise typer.Exit(1)


@app.command(help="Xuất bảng: visits, cases, supports, assignments, reminders, reports, outbox.")
def export(
    noun: Annotated[str, typer.Argument(metavar="NOUN")],
    format_: Annotated[str, typer.Option("--format", help="json, csv hoặc xlsx.")] = "json",
    out: Annotated[Path | None, typer.Option(help="Tệp ra; để trống thì in ra màn hình.")] = None,
) -> None:
    from bot.work.export import WRITERS
    from bot.work.export import export as write
    from storage.exports import NOUNS
    from storage.scope import SYSTEM

    one_of("NOUN", noun, NOUNS)
    one_of("--format", format_, WRITERS)
    if format_ == "xlsx" and out is None and sys.stdout.isatty():
        raise Failed("Tệp Excel cần tên tệp: thêm --out ten.xlsx")
    with opened() as (_, db):
        if out is None:
            write(db, SYSTEM, noun, format_, sys.stdout.buffer)
            return
        with out.open("wb") as target:
            write(db, SYSTEM, noun, format_, target)


app.add_typer(upkeep.app)
explained((app, upkeep.app, upkeep.audit))


def main() -> None:
    """Run a command; what goes wrong is one line on stderr and a non-zero exit."""
    try:
        code = app(standalone_mode=False)
    except typer.Abort:
        sys.exit(130)
    except Exception as error:
        said = sentence(error)
        if said is None:
            raise
        sys.stderr.write(" ".join(said.split("\n")) + "\n")
        sys.exit(2 if isinstance(error, typer.TyperException) else 1)
    sys.exit(code if isinstance(code, int) else 0)
