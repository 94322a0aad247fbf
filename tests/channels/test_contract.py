"""What holds for every channel."""

import contextlib
import inspect
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.channels import CHANNELS, configured
from bot.channels.contract import REASONS, Channel, Malformed
from bot.channels.plain import units
from bot.messages import Option, Outgoing
from bot.settings import Settings

SETTINGS = Settings(telegram_token=SecretStr("123456:plainly-invented"), files=Path("files"))


@pytest.fixture(params=sorted(CHANNELS))
def channel(request: pytest.FixtureRequest) -> Channel:
    opened = CHANNELS[request.param](SETTINGS)
    assert opened is not None
    return opened


def test_a_channel_is_open_only_where_it_has_a_token() -> None:
    assert configured(Settings(telegram_token=SecretStr(""))) == []
    assert [each.name for each in configured(SETTINGS)] == sorted(CHANNELS)


def test_it_names_itself_and_its_bot_without_the_secret(channel: Channel) -> None:
    assert channel.name in CHANNELS
    assert channel.bot == f"{channel.name}:123456"


def test_it_has_every_method_of_the_contract(channel: Channel) -> None:
    for name, method in vars(Channel).items():
        if not name.startswith("_") and callable(method):
            ours = getattr(type(channel), name)
            assert inspect.signature(ours) == inspect.signature(method), name
            assert inspect.iscoroutinefunction(ours) == inspect.iscoroutinefunction(method), name


@pytest.mark.parametrize("payload", [{}, {"update_id": "x"}, {"a": None}, {"message": 5}])
def test_no_payload_does_worse_than_being_malformed(
    channel: Channel, payload: dict[str, object]
) -> None:
    assert channel.external_id(payload) == channel.external_id(dict(payload))
    with contextlib.suppress(Malformed):
        assert channel.read(payload) == []


def test_a_long_text_loses_nothing(channel: Channel) -> None:
    said = "Xã đã giao đất tái định cư cho 12 hộ. " * 500
    calls = channel.render(Outgoing(said))
    assert len(calls) > 1
    assert "".join(call.params["text"] for call in calls) == said
    assert all(units(call.params["text"]) <= channel.limits.text for call in calls)


def test_every_call_that_is_a_new_message_keeps_the_pace_of_its_chat(channel: Channel) -> None:
    choices = ((Option("Gửi", "gui"), Option("Sửa", "sua")),)
    assert all(call.fresh for call in channel.render(Outgoing("Xem lại", choices)))


def test_an_edit_changes_the_message_or_sends_it_anew(channel: Channel) -> None:
    calls = channel.render(Outgoing("Đã chọn: Gửi"), edits=["31"])
    assert [call.fresh for call in calls] == [not channel.limits.edits]


def test_reasons_are_a_closed_list() -> None:
    assert len(REASONS) == len(set(REASONS)) == 10
