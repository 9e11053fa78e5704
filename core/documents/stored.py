"""A document as plain JSON and back: what a report keeps so that its files can be built again the same."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from core.documents.content import Block, Document, Heading, List, PageBreak, Paragraph
from core.documents.figures import Chart, Column, Group, Table
from core.documents.values import Hidden, Link, Percent, Strong

_BLOCKS = {block.name: block for block in (Chart, Heading, List, PageBreak, Paragraph, Table)}
_COLUMN = ("title", "align", "width", "digits")
_DOCUMENT = ("title", "subtitle", "lang", "author")


def to_data(document: Document) -> dict[str, Any]:
    """The document in values that JSON has; `from_data` gives an equal one."""
    return {
        **{name: getattr(document, name) for name in _DOCUMENT},
        "made_at": document.made_at and document.made_at.isoformat(),
        "meta": _pack(document.meta),
        "blocks": [
            {"name": block.name, **{k: _pack(v) for k, v in vars(block).items()}} for block in document.blocks
        ],
    }


def from_data(data: dict[str, Any]) -> Document:
    """The document that `to_data` took apart. Raises KeyError for what it never wrote."""
    return Document(
        **{name: data[name] for name in _DOCUMENT},
        made_at=data["made_at"] and dt.datetime.fromisoformat(data["made_at"]),
        meta=_unpack(data["meta"]),
        blocks=[_block(block) for block in data["blocks"]],
    )


def _block(data: dict[str, Any]) -> Block:
    return _BLOCKS[data["name"]](**{name: _unpack(value) for name, value in data.items() if name != "name"})


def _pack(value: Any) -> Any:
    match value:
        case Percent():
            return {"percent": _pack(value.value), "digits": value.digits}
        case Hidden():
            return {"hidden": value.reason}
        case Link():
            return {"link": value.url, "text": _pack(value.text)}
        case Strong():
            return {"strong": value.text}
        case Group():
            return {"group": value.text}
        case Column():
            return {"column": [getattr(value, name) for name in _COLUMN]}
        case Decimal():
            return {"decimal": str(value)}
        case dt.datetime():
            return {"moment": value.isoformat()}
        case dt.date():
            return {"date": value.isoformat()}
        case list() | tuple():
            return [_pack(item) for item in value]
    return value


def _unpack(value: Any) -> Any:
    match value:
        case {"percent": share, "digits": digits}:
            return Percent(_unpack(share), digits)
        case {"hidden": reason}:
            return Hidden(reason)
        case {"link": url, "text": text}:
            return Link(_unpack(text), url)
        case {"strong": text}:
            return Strong(text)
        case {"group": text}:
            return Group(text)
        case {"column": wishes}:
            return Column(*wishes)
        case {"decimal": figures}:
            return Decimal(figures)
        case {"moment": moment}:
            return dt.datetime.fromisoformat(moment)
        case {"date": day}:
            return dt.date.fromisoformat(day)
        case list():
            return tuple(_unpack(item) for item in value)
    return value
