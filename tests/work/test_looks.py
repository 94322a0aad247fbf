"""The same picture sent again looks the same; another one does not."""

import io
import random

from PIL import Image, ImageDraw

from bot.rules.signals import SAME_LIGHT
from bot.work.media import check


def drawn(seed: int, *, size: int = 1200, quality: int = 90) -> bytes:
    """Something like a meeting: a bright window, dark heads."""
    chance = random.Random(seed)
    picture = Image.new("RGB", (1200, 900), tuple(chance.randint(60, 160) for _ in range(3)))
    draw = ImageDraw.Draw(picture)
    for _ in range(14):
        x, y, r = chance.randint(0, 1100), chance.randint(0, 800), chance.randint(40, 260)
        draw.ellipse((x, y, x + r, y + r), tuple(chance.randint(0, 255) for _ in range(3)))
    out = io.BytesIO()
    picture.resize((size, size * 3 // 4)).save(out, "JPEG", quality=quality)
    return out.getvalue()


def differing(one: bytes, other: bytes) -> int:
    looks = [int(check("photo", content).looks, 16) for content in (one, other)]
    return (looks[0] ^ looks[1]).bit_count()


def test_a_picture_made_smaller_and_pressed_again_looks_the_same() -> None:
    for seed in range(8):
        assert differing(drawn(seed), drawn(seed, size=640, quality=55)) <= SAME_LIGHT


def test_other_pictures_look_otherwise() -> None:
    found = [differing(drawn(seed), drawn(seed + 1)) for seed in range(8)]
    assert min(found) > 3 * SAME_LIGHT


def test_a_picture_of_one_colour_looks_like_nothing() -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, "JPEG")
    assert check("photo", out.getvalue()).looks == ""
