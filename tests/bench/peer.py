"""The peer: python-telegram-bot's ConversationHandler with PicklePersistence, flushed each time."""

import time
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)
from telegram.request import HTTPXRequest

from tests.bench.stub import network, text_update

QUESTIONS = (
    "Đồng chí đi xã nào?",
    "Đồng chí đi ngày nào?",
    "Đồng chí dự việc gì?",
    "Nắm:",
    "Góp ý:",
    "Kiểm tra:",
    "Xin xem lại.",
)


def _ask(place: int) -> Any:
    async def ask(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        assert update.message is not None
        assert context.user_data is not None
        context.user_data[f"answer{place}"] = update.message.text
        if place == len(QUESTIONS):
            await update.message.reply_text("Đã lưu.")
            return ConversationHandler.END
        await update.message.reply_text(QUESTIONS[place])
        return place

    return ask


async def _application(path: Path) -> Application[Any, Any, Any, Any, Any, Any]:
    text = filters.TEXT
    conversation = ConversationHandler(
        entry_points=[MessageHandler(text, _ask(0))],
        states={place: [MessageHandler(text, _ask(place + 1))] for place in range(len(QUESTIONS))},
        fallbacks=[],
        name="visit",
        persistent=True,
    )
    store = PicklePersistence(path, on_flush=True)
    request = HTTPXRequest(httpx_kwargs={"transport": network()})
    builder = ApplicationBuilder().token("4242:bench").request(request)
    application = builder.get_updates_request(request).persistence(store).build()
    application.add_handler(conversation)
    await application.initialize()
    return application


async def run(path: Path, *, people: int, steps: int, open_before: int) -> dict[str, Any]:
    """Updates per second of so many people through so many steps, each update flushed."""
    application = await _application(path)
    assert application.persistence is not None
    for person in range(open_before):
        await _process(application, 100_000 + person, "ghi")
        await _process(application, 100_000 + person, "Xã Hòa Mẫu")
    await application.update_persistence()
    await application.persistence.flush()
    took = []
    begun = time.perf_counter()
    for step in range(steps):
        for person in range(people):
            start = time.perf_counter()
            await _process(application, 1 + person, f"câu trả lời {step}")
            await application.update_persistence()
            await application.persistence.flush()
            took.append(time.perf_counter() - start)
    seconds = time.perf_counter() - begun
    await application.shutdown()
    return {"updates": len(took), "seconds": seconds, "took": took}


async def _process(application: Any, person: int, text: str) -> None:
    update = Update.de_json(text_update(person, text), application.bot)
    await application.process_update(update)
