"""How light lies in a picture: the same picture sent again looks the same, whatever it weighs."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

SIDE = 8
FLAT = 12
"""Steps of grey between the darkest and the brightest: with fewer there is nothing to compare."""


def look_of(picture: "Picture") -> str:
    """128 bits in hex: where it gets brighter to the right and downwards; empty of a flat one."""
    from PIL.Image import Resampling  # late, as in bot.work.media

    grey = picture.convert("L")
    wide = grey.resize((SIDE + 1, SIDE), Resampling.BOX).tobytes()
    tall = grey.resize((SIDE, SIDE + 1), Resampling.BOX).tobytes()
    if max(wide) - min(wide) < FLAT:
        return ""
    right = [wide[p] < wide[p + 1] for p in range(len(wide)) if p % (SIDE + 1) < SIDE]
    down = [tall[p] < tall[p + SIDE] for p in range(len(tall) - SIDE)]
    bits = "".join("01"[brighter] for brighter in (*right, *down))
    return f"{int(bits, 2):0{SIDE * SIDE // 2}x}"
