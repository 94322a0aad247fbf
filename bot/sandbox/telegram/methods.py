"""The table of methods: what each accepts, what it costs in pace, and what runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.telegram import account, editing, sending
from bot.sandbox.telegram.arguments import Arguments
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.state import Telegram

Run = Callable[[Telegram, Arguments], Any]


@dataclass(frozen=True)
class Method:
    """One method of the Bot API; `pace` is "new", "edit" or "" (not counted)."""

    name: str
    fields: frozenset[str]
    run: Run
    pace: str = ""

    def check(self, args: Arguments) -> None:
        """Refuse a field the Bot API does not have: Telegram ignores it, but a typo shall show."""
        attached = {name for name in args.uploads if name not in self.fields}
        loose = {name for name in attached if not _is_attached(args, name)}
        if unknown := sorted((set(args.values) | loose) - self.fields):
            raise bad_request(f'unknown field "{unknown[0]}" in {self.name}')

    def cost(self, args: Arguments) -> int:
        """How many messages the call stands for."""
        media = args.parsed("media") if self.name == "sendMediaGroup" else None
        return len(media) if isinstance(media, list) else 1


def _is_attached(args: Arguments, name: str) -> bool:
    return any(f"attach://{name}" in str(value) for value in args.values.values())


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


TARGET = _words("chat_id business_connection_id message_thread_id direct_messages_topic_id")
SENDING = TARGET | _words(
    "disable_notification protect_content allow_paid_broadcast message_effect_id"
    " suggested_post_parameters reply_parameters reply_markup"
    " reply_to_message_id allow_sending_without_reply"
)
CAPTION = _words("caption parse_mode caption_entities show_caption_above_media")
TEXT = _words("text parse_mode entities link_preview_options disable_web_page_preview")
EDITING = _words("business_connection_id chat_id message_id inline_message_id reply_markup")
WEBHOOK = _words(
    "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token"
)

TABLE = (
    Method("getMe", frozenset(), account.get_me),
    Method("getUpdates", _words("offset limit timeout allowed_updates"), account.get_updates),
    Method("setWebhook", WEBHOOK, account.set_webhook),
    Method("deleteWebhook", _words("drop_pending_updates"), account.delete_webhook),
    Method("getWebhookInfo", frozenset(), account.get_webhook_info),
    Method("sendMessage", SENDING | TEXT, sending.send_message, "new"),
    Method("sendPhoto", SENDING | CAPTION | {"photo", "has_spoiler"}, sending.send_photo, "new"),
    Method(
        "sendDocument",
        SENDING | CAPTION | {"document", "thumbnail", "disable_content_type_detection"},
        sending.send_document,
        "new",
    ),
    Method("sendVoice", SENDING | CAPTION | {"voice", "duration"}, sending.send_voice, "new"),
    Method(
        "sendMediaGroup", SENDING - {"reply_markup"} | {"media"}, sending.send_media_group, "new"
    ),
    Method(
        "sendChatAction",
        _words("chat_id business_connection_id message_thread_id action"),
        sending.send_chat_action,
    ),
    Method("editMessageText", EDITING | TEXT, editing.edit_message_text, "edit"),
    Method("editMessageReplyMarkup", EDITING, editing.edit_message_reply_markup, "edit"),
    Method("deleteMessage", _words("chat_id message_id"), editing.delete_message),
    Method(
        "answerCallbackQuery",
        _words("callback_query_id text show_alert url cache_time"),
        editing.answer_callback_query,
    ),
    Method("getFile", _words("file_id"), account.get_file),
    Method("setMyCommands", _words("commands scope language_code"), account.set_my_commands),
    Method("getMyCommands", _words("scope language_code"), account.get_my_commands),
    Method("deleteMyCommands", _words("scope language_code"), account.delete_my_commands),
    Method("setChatMenuButton", _words("chat_id menu_button"), account.set_chat_menu_button),
)

METHODS = {method.name.lower(): method for method in TABLE}
