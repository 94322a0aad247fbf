"""The methods that change or take away what is on a phone, and answer a pressed button."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from bot.sandbox.chats import Chat, Message
from bot.sandbox.telegram.arguments import Arguments
from bot.sandbox.telegram.errors import ApiError, bad_request
from bot.sandbox.telegram.keyboards import Markup, read_markup
from bot.sandbox.telegram.sending import checked_text
from bot.sandbox.telegram.state import QUERY_SECONDS, Telegram
from bot.sandbox.world import PERSON

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
DELETABLE = timedelta(hours=48)
NOTICE_LIMIT = 200


def edit_message_text(bot: Telegram, args: Arguments) -> dict[str, Any]:
    """editMessageText; buttons that are not given again go away."""
    chat, message = _own_message(bot, args)
    text, spans = checked_text(args)
    if message.media:
        raise bad_request("there is no text in the message to edit")
    buttons = _inline(read_markup(args)).buttons or ()
    if (text, tuple(spans), buttons) == (message.text, message.spans, message.buttons):
        raise bad_request(NOT_MODIFIED)
    bot.world.edit_message(message, text=text, spans=tuple(spans), buttons=buttons)
    return bot.shape(chat, message)


def edit_message_reply_markup(bot: Telegram, args: Arguments) -> dict[str, Any]:
    """editMessageReplyMarkup; without reply_markup the buttons go away."""
    chat, message = _own_message(bot, args)
    buttons = _inline(read_markup(args)).buttons or ()
    if buttons == message.buttons:
        raise bad_request(NOT_MODIFIED)
    bot.world.edit_message(message, buttons=buttons)
    return bot.shape(chat, message)


def delete_message(bot: Telegram, args: Arguments) -> bool:
    """deleteMessage: messages of both sides, for 48 hours."""
    chat = bot.chat(args, writing=False)
    message = chat.messages.get(args.integer("message_id"))
    if not message or message.deleted:
        raise bad_request("message to delete not found")
    if bot.world.now() - message.at > DELETABLE:
        raise bad_request("message can't be deleted for everyone")
    bot.world.delete_message(message)
    return True


def answer_callback_query(bot: Telegram, args: Arguments) -> bool:
    """answerCallbackQuery: once, and soon after the press."""
    text = args.text("text")
    if len(text) > NOTICE_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    query = bot.queries.pop(args.text("callback_query_id"), None)
    if not query or time.monotonic() - query.at > QUERY_SECONDS:
        raise bad_request(QUERY_TOO_OLD)
    bot.world.note("answered", query.phone, text=text, alert=args.flag("show_alert"))
    return True


def _own_message(bot: Telegram, args: Arguments) -> tuple[Chat, Message]:
    chat = bot.chat(args, writing=False)
    if not args.integer("message_id"):
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(args.integer("message_id"))
    if not message or message.deleted:
        raise bad_request("message to edit not found")
    if message.by == PERSON:
        raise bad_request("message can't be edited")
    return chat, message


def _inline(markup: Markup) -> Markup:
    if markup.keyboard is not None:
        raise ApiError(400, "Bad Request: inline keyboard expected")
    return markup
