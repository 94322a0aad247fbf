"""What people sent is fetched from Zalo's own hosts alone."""

import asyncio
from collections.abc import Sequence

import httpx
import pytest

from bot.channels.contract import SendFailed
from bot.channels.zalo_media import LARGEST, Media

PICTURE = "https://photo-stal-29.zdn.vn/no/jpg/1.jpg"


def fetch(
    reference: str,
    answers: Sequence[httpx.Response | Exception] = (),
    *,
    api: str = "https://bot-api.zaloplatforms.com",
    found: Sequence[str] = ("118.102.1.1",),
) -> tuple[bytes, list[str]]:
    asked: list[str] = []
    queue = list(answers) or [httpx.Response(200, content="ảnh".encode())]

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        given = queue.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    async def resolve(_host: str) -> list[str]:
        return list(found)

    async def play() -> bytes:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
            return await Media(client, api, resolve=resolve).fetch(reference)

    return asyncio.run(play()), asked


def to(location: str) -> httpx.Response:
    return httpx.Response(302, headers={"location": location})


def test_a_picture_comes_from_where_zalo_keeps_it() -> None:
    assert fetch(PICTURE) == ("ảnh".encode(), [PICTURE])
    assert fetch("https://zalo-api.zadn.vn/a")[1] == ["https://zalo-api.zadn.vn/a"]


def test_a_redirect_is_followed_to_another_of_its_hosts() -> None:
    ended = [to("https://b.zdn.vn/2"), httpx.Response(200, content=b"2")]
    assert fetch(PICTURE, ended) == (b"2", [PICTURE, "https://b.zdn.vn/2"])


STRANGE = [
    "http://photo.zdn.vn/1.jpg",
    "https://zdn.vn.example/1.jpg",
    "https://examplezdn.vn/1.jpg",
    "https://example.com/zdn.vn",
    "https://user:pass@photo.zdn.vn/1.jpg",
    "https://photo.zdn.vn:8443/1.jpg",
    "https://127.0.0.1/1.jpg",
    "https://[::1]/1.jpg",
    "https://169.254.169.254/latest/meta-data",
    "http://localhost/1.jpg",
    "ftp://photo.zdn.vn/1.jpg",
    "file:///etc/passwd",
    "",
    "không phải địa chỉ",
    "https://photo.zdn.vn\\@example.com/",
]


@pytest.mark.parametrize("reference", STRANGE)
def test_another_address_is_never_asked(reference: str) -> None:
    with pytest.raises(SendFailed) as caught:
        fetch(reference)
    assert (caught.value.reason, caught.value.permanent) == ("refused", True)


@pytest.mark.parametrize("reference", STRANGE)
def test_a_redirect_to_another_address_is_not_followed(reference: str) -> None:
    strange = reference if ":" in reference else f"//{reference or 'example.com'}/"
    with pytest.raises(SendFailed) as caught:
        fetch(PICTURE, [to(strange.encode("ascii", "replace").decode())])
    assert caught.value.reason == "refused"


def test_redirects_come_to_an_end() -> None:
    with pytest.raises(SendFailed, match="redirects"):
        fetch(PICTURE, [to(PICTURE)] * 5)


@pytest.mark.parametrize(
    "found", [["10.0.0.1"], ["118.102.1.1", "192.168.1.2"], ["::1"], ["fe80::1"], []]
)
def test_a_name_that_leads_into_a_private_network_is_refused(found: list[str]) -> None:
    with pytest.raises(SendFailed, match="private"):
        fetch(PICTURE, found=found)


def test_the_api_on_this_machine_may_keep_files_too_and_only_there() -> None:
    api = "http://127.0.0.1:8081/zalo"
    assert fetch("http://127.0.0.1:8081/zalo/media/1", api=api)[0]
    for other in ("http://127.0.0.1:9000/media/1", "http://127.0.0.2:8081/media/1"):
        with pytest.raises(SendFailed):
            fetch(other, api=api)
    with pytest.raises(SendFailed):
        fetch("http://10.0.0.1/media/1", api="http://10.0.0.1")


@pytest.mark.parametrize(
    ("answer", "reason", "permanent"),
    [
        (httpx.Response(404), "not_found", True),
        (httpx.Response(403), "not_found", True),
        (httpx.Response(503), "unreachable", False),
        (httpx.Response(200, content=b"x" * (LARGEST + 1)), "too_big", True),
        (httpx.ReadTimeout("late"), "unreachable", False),
    ],
)
def test_what_cannot_be_had_is_told_apart(
    answer: httpx.Response | Exception, reason: str, permanent: bool
) -> None:
    with pytest.raises(SendFailed) as caught:
        fetch(PICTURE, [answer])
    assert (caught.value.reason, caught.value.permanent) == (reason, permanent)
