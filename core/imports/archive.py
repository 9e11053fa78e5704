"""Workbooks are ZIP archives: refuse those that would unpack into more than a spreadsheet can need."""

from __future__ import annotations

import io
import zipfile
import zlib

from core.imports.table import UnreadableTable

MAX_MEMBERS = 5_000
MAX_UNPACKED = 200 * 1024 * 1024
_CHUNK = 1 << 20
_TOO_LARGE = (
    "Файл распаковывается больше чем в 200 МБ: так бывает у повреждённых и вредоносных файлов. "
    "Скопируйте таблицу в новую книгу и сохраните её как XLSX."
)
_DAMAGED = (
    "Файл повреждён и не открывается. Откройте его у себя, сохраните заново как XLSX и загрузите ещё раз."
)


def member_names(data: bytes) -> list[str]:
    """Names inside the archive; raises UnreadableTable when it is damaged, locked or too large unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableTable(_DAMAGED) from error
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise UnreadableTable(_TOO_LARGE)
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableTable("Файл закрыт паролем. Снимите пароль в Excel и загрузите файл ещё раз.")
    left = MAX_UNPACKED
    for member in members:
        left -= _unpacked_size(data, member, left)
    return [member.filename for member in members]


def _unpacked_size(data: bytes, member: zipfile.ZipInfo, limit: int) -> int:
    """Bytes the member really unpacks into: what the directory declares may be a lie."""
    head = member.header_offset
    if data[head : head + 4] != b"PK\x03\x04":
        raise UnreadableTable(_DAMAGED)
    begin = head + 30 + int.from_bytes(data[head + 26 : head + 28], "little")
    begin += int.from_bytes(data[head + 28 : head + 30], "little")
    packed = memoryview(data)[begin : begin + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        return len(packed)
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise UnreadableTable(_DAMAGED)
    return _inflated_size(packed, limit)


def _inflated_size(packed: memoryview, limit: int) -> int:
    unzip = zlib.decompressobj(-15)
    size, rest = 0, bytes(packed)
    try:
        while rest and not unzip.eof:
            size += len(unzip.decompress(rest, _CHUNK))
            rest = unzip.unconsumed_tail
            if size > limit:
                raise UnreadableTable(_TOO_LARGE)
    except zlib.error as error:
        raise UnreadableTable(_DAMAGED) from error
    return size
