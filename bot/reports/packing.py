"""Makes an Office file of the same content the same bytes: fixed dates inside and outside."""

import io
import re
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def repacked(content: bytes, at: datetime) -> bytes:
    """The same file as if it had been written at `at`."""
    stamp = f"{at:%Y-%m-%dT%H:%M:%SZ}".encode()
    target = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = STAMP.sub(rb"\g<1>" + stamp + rb"\g<2>", old.read(name))
            entry = ZipInfo(name, at.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            new.writestr(entry, part)
    return target.getvalue()
