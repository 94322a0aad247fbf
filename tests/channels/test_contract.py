"""What holds for every channel."""

import contextlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.channels import CHANNELS, configured, zalo_text
from bot.channels.contract import REASONS, Channel, Malformed
from bot.channels.plain import block, split, units
from bot.channels.zalo_oa_tokens import Memory
from bot.messages import Option, Outgoing
from bot.settings import Settings

SETTINGS = Settings(
    telegram_token=SecretStr("123456:plainly-invented"),
    zalo_token=SecretStr("123456:plainly-invented"),
    zalo_oa_app_id="123456",
    zalo_oa_app_secret=SecretStr("an-invented-app-secret"),
    zalo_oa_secret_key=SecretStr("an-invented-secret-key"),
    zalo_oa_refresh_token=SecretStr("an-invented-refresh-token"),
    files=Path("files"),
)


OPENED = {each.name: each for each in configured(SETTINGS)}


@pytest.fixture(params=sorted(CHANNELS))
def channel(request: pytest.FixtureRequest) -> Channel:
    opened = CHANNELS[request.param](SETTINGS, lambda _bot: Memory())
    assert opened is not None
    return opened


def test_a_channel_is_open_only_where_it_has_a_token() -> None:
    assert configured(Settings(telegram_token=SecretStr(""))) == []
    assert [each.name for each in configured(SETTINGS)] == sorted(CHANNELS)


def test_an_official_account_that_lacks_one_setting_stays_shut() -> None:
    for name in ("app_id", "app_secret", "secret_key", "refresh_token"):
        lacking = SETTINGS.model_copy(
            update={f"zalo_oa_{name}": type(getattr(SETTINGS, f"zalo_oa_{name}"))("")}
        )
        assert [each.name for each in configured(lacking)] == ["telegram", "zalo"]
        assert lacking.zalo_oa_missing == (f"SAUSAT_ZALO_OA_{name.upper()}",)


def test_without_a_telegram_token_its_library_is_never_imported() -> None:
    code = """
import sys
from pydantic import SecretStr
from bot.channels import configured
from bot.settings import Settings
opened = configured(Settings(_env_file=None, zalo_token=SecretStr("123456:plainly-invented")))
assert [each.name for each in opened] == ["zalo"]
assert not [name for name in sys.modules if name == "telegram" or name.startswith("telegram.")]
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


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


PIECES = st.one_of(
    st.sampled_from(
        [
            "\n\n",
            "\n",
            ". ",
            " ",
            "👨‍👩‍👧‍👦",
            "🇻🇳",
            "e\u0323\u0302",
            "ệ",
            "Đất",
            "…",
            "a" * 1500,
            "x" * 2100,
        ]
    ),
    st.text(max_size=400),
)


@pytest.mark.parametrize("name", sorted(CHANNELS))
@given(pieces=st.lists(PIECES, min_size=1, max_size=12))
def test_any_text_is_cut_within_the_limit_and_joined_is_the_same(
    name: str, pieces: list[str]
) -> None:
    said, channel = "".join(pieces), OPENED[name]
    parts = split(said, channel.limits.text)
    assert "".join(parts) == said
    assert all(units(part) <= channel.limits.text for part in parts)
    rendered = channel.render(Outgoing(said))
    assert all(units(call.params["text"]) <= channel.limits.text for call in rendered)
    assert [call.params["text"] for call in rendered] == [part for part in parts if part.strip()]


@pytest.mark.parametrize("name", ["zalo", "zalo_oa"])
@given(pieces=st.lists(PIECES, min_size=1, max_size=12))
def test_what_zalo_shows_with_its_number_is_within_two_thousand(
    name: str, pieces: list[str]
) -> None:
    calls = OPENED[name].render(Outgoing("".join(pieces)))
    shown = [zalo_text.shown(call.params) for call in calls]
    assert all(1 <= units(each) <= 2000 for each in shown)
    assert (
        all(each.endswith(f"({n}/{len(calls)})") for n, each in enumerate(shown, 1))
        or len(calls) <= 1
    )


@pytest.mark.parametrize("name", ["zalo", "zalo_oa"])
@given(pieces=st.lists(PIECES, max_size=8), many=st.integers(6, 12))
def test_choices_are_never_torn_apart(name: str, pieces: list[str], many: int) -> None:
    options = [Option(f"Phường Mẫu số {n}, " + "x" * 60, f"xa {n}") for n in range(many)]
    message = Outgoing("".join(pieces), tuple((option,) for option in options))
    texts = [call.params["text"] for call in OPENED[name].render(message)]
    assert texts[-1].endswith(block(message))
    assert all(units(text) <= OPENED[name].limits.text for text in texts)


def test_every_call_that_is_a_new_message_keeps_the_pace_of_its_chat(channel: Channel) -> None:
    choices = ((Option("Gửi", "gui"), Option("Sửa", "sua")),)
    assert all(call.fresh for call in channel.render(Outgoing("Xem lại", choices)))


def test_an_edit_changes_the_message_or_sends_it_anew(channel: Channel) -> None:
    calls = channel.render(Outgoing("Đã chọn: Gửi"), edits=["31"])
    assert [call.fresh for call in calls] == [not channel.limits.edits]


def test_reasons_are_a_closed_list() -> None:
    assert len(REASONS) == len(set(REASONS)) == 10
