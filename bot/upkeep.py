"""The commands of whoever looks after the machine: retries, health, keys, personal data, backup."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.terminal import AsJson, Failed, opened, progress, say, show

app = typer.Typer()


@app.command(help="Thử lại các tin để riêng và tin chưa gửi được; --list chỉ liệt kê.")
def retry(
    only_list: Annotated[bool, typer.Option("--list", help="Chỉ liệt kê.")] = False,
    as_json: AsJson = False,
) -> None:
    from bot.work import retrying

    with opened() as (_, db):
        if only_list:
            found = retrying.waiting(db)
            show([asdict(each) for each in found], retrying.said(found), as_json=as_json)
            return
        again = retrying.try_again(db)
    show(
        asdict(again),
        f"Đưa vào thử lại: {again.received} tin nhận, {again.unsent} tin gửi.",
        as_json=as_json,
    )


@app.command(help="Kiểm tra máy, mạng, cơ sở dữ liệu, sao lưu.")
def doctor(as_json: AsJson = False) -> None:
    from bot.work.doctor import examine, table

    with opened(upgraded=False) as (settings, db):
        found = examine(settings, db)
    show([asdict(finding) for finding in found], table(found), as_json=as_json)
    if any(finding.state == "bad" for finding in found):
        raise typer.Exit(1)


audit = typer.Typer(help="Sổ lưu vết: ai xem, ai sửa việc gì.", no_args_is_help=True)
app.add_typer(audit, name="audit")


@audit.command(help="Kiểm tra sổ lưu vết có bị sửa, chèn, xóa hay không.")
def verify(
    seal: Annotated[str, typer.Option(help="Dấu in ở cuối một bản tổng hợp, 12345:3f9a…")] = "",
    as_json: AsJson = False,
) -> None:
    from bot.work import auditing

    with opened() as (settings, db):
        if not settings.audit_keys:
            raise Failed("Chưa có khóa: đặt SAUSAT_AUDIT_KEY hoặc SAUSAT_CONTENT_KEY")
        found = auditing.examine(db, seal)
    show(asdict(found), auditing.said(found), as_json=as_json)
    if found.broken:
        raise typer.Exit(1)


@app.command("person-export", help="Xuất mọi dữ liệu đang giữ về một người, kèm ảnh, tệp.")
def person_export(
    person: Annotated[str, typer.Argument(metavar="CODE")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Tệp .zip.")],
) -> None:
    from bot.work import clock, personal

    with opened() as (settings, db), progress("Xuất dữ liệu"):
        rows = personal.export(db, settings.files, person, out, clock.now(db))
    say(f"Đã ghi {rows.total()} dòng của {len(rows)} bảng vào {out}")


@app.command("person-erase", help="Xóa dữ liệu cá nhân của một người, giữ hồ sơ dưới mã.")
def person_erase(
    person: Annotated[str, typer.Argument(metavar="CODE")],
    yes: Annotated[bool, typer.Option("--yes", help="Không hỏi lại.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Giấy xác nhận.")] = None,
) -> None:
    from bot.work import clock, personal

    with opened() as (settings, db):
        whom = personal.asked_for(db, person, clock.now(db))
        if not yes:
            typer.confirm(f"Xóa dữ liệu cá nhân của {whom}? Không lấy lại được.", abort=True)
        done = personal.erase(db, settings.files, person, clock.now(db))
    paper = out or Path(f"xoa-{person}.txt")
    paper.write_text(done.certificate, "utf-8")
    say(f"Đã xóa. Giấy xác nhận: {paper}")


@app.command(
    "rotate-key",
    help="Mã hóa lại nội dung gửi riêng, mã của Zalo OA bằng khóa đầu của SAUSAT_CONTENT_KEY.",
)
def rotate_key() -> None:
    from bot.work import sealed

    with opened() as (settings, db):
        if not settings.content_keys:
            raise Failed("Chưa có khóa: đặt SAUSAT_CONTENT_KEY")
        count = sealed.rotate(db)
    say(f"Đã mã hóa lại {count} nội dung bằng khóa đầu. Các khóa sau bỏ được.")


@app.command(help="Sao lưu toàn bộ dữ liệu và tệp vào một tệp .zip.")
def backup(file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    from bot.work import clock
    from bot.work.backup import backup as save

    with opened() as (settings, db), progress("Sao lưu") as bar:
        path = save(db, settings.files, file, at=clock.real(), progress=bar.tell)
    say(f"Đã sao lưu vào {path}")


@app.command(help="Khôi phục từ bản sao lưu vào cơ sở dữ liệu còn trống.")
def restore(file: Annotated[Path, typer.Argument(metavar="FILE", exists=True)]) -> None:
    from bot.work.backup import restore as put_back

    with opened(upgraded=False) as (settings, db), progress("Khôi phục") as bar:
        put_back(db, settings.files, file, progress=bar.tell)
    say("Đã khôi phục và kiểm tra xong.")
