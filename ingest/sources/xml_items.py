"""The items of an XML document, one after the other, without document types.

An entity bomb or an external entity is refused before it is expanded; what follows a break in the XML is lost, and said
to be.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterator
from typing import Any, BinaryIO, TypeVar

from ingest.sources.markup import local_name
from ingest.sources.record import Skipped
from ingest.sources.whole import whole

R = TypeVar("R")


def read_items(
    stream: BinaryIO,
    make: Callable[[Any, str], R],
    *,
    where: str,
    names: Collection[str],
    called: str,
    none: str,
    advice: str,
) -> Iterator[R | Skipped]:
    """What `make` makes of each element of one of the `names`, and of its place, `where#n`.

    `called` is what the elements are called in a reason, `none` the reason where there is none, `advice` what helps where
    the document is too large.
    """
    data = whole(stream, where=where, advice=advice)
    if isinstance(data, Skipped):
        yield data
        return
    # Slow to import, and most files need neither.
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    number = 0
    try:
        for _, element in iterparse(io.BytesIO(data), events=("end",), forbid_dtd=True):
            if local_name(element) in names:
                number += 1
                yield make(element, f"{where}#{number}")
                element.clear()
    except DefusedXmlException:
        yield Skipped(where, "it has a document type or entities, which is not safe to read")
    except ParseError as error:
        yield Skipped(f"{where}:{error.position[0]}", f"broken XML: {error}; {number} {called} before it were read")
    except (LookupError, ValueError) as error:
        yield Skipped(where, f"its encoding cannot be read: {error}")
    else:
        if not number:
            yield Skipped(where, none)
