"""What a file is, by its content: names and extensions lie."""

from __future__ import annotations

from core.imports.archive import member_names
from core.imports.table import UnreadableTable

_SAVE_AS = "Откройте его в Excel или LibreOffice и сохраните как XLSX или CSV."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES = (
    (b"%PDF", "Это документ PDF, а не таблица. Нужна исходная таблица: XLSX, XLS, ODS или CSV."),
    (b"\x89PNG", "Это картинка, а не таблица. Нужен файл XLSX, XLS, ODS или CSV."),
    (b"\xff\xd8\xff", "Это картинка, а не таблица. Нужен файл XLSX, XLS, ODS или CSV."),
    (b"GIF8", "Это картинка, а не таблица. Нужен файл XLSX, XLS, ODS или CSV."),
    (b"II*\x00", "Это картинка, а не таблица. Нужен файл XLSX, XLS, ODS или CSV."),
    (b"{\\rtf", "Это текстовый документ (RTF), а не таблица. Нужен файл XLSX, XLS, ODS или CSV."),
    (b"Rar!", "Это архив. Распакуйте его и загрузите саму таблицу."),
    (b"7z\xbc\xaf", "Это архив. Распакуйте его и загрузите саму таблицу."),
    (b"\x1f\x8b", "Это архив. Распакуйте его и загрузите саму таблицу."),
)
_LOCKED = (
    "Файл закрыт паролем. Снимите пароль в Excel (Файл → Сведения → Защита книги) или в LibreOffice "
    "(Файл → Сохранить как, без пароля) и загрузите ещё раз."
)
_WORD = "Это документ Word, а не таблица. Скопируйте таблицу из него в Excel и сохраните как XLSX."
_NOT_A_TABLE = "Это не таблица. Нужен файл XLSX, XLS, ODS или CSV."


def detect_format(data: bytes) -> str:
    """One of xlsx, xls, ods, text. Raises UnreadableTable with advice for everything else."""
    if not data.strip():
        raise UnreadableTable("Файл пуст.")
    for signature, message in _SIGNATURES:
        if data.startswith(signature):
            raise UnreadableTable(message)
    if data.startswith(_OLE):
        return _old_office(data)
    if data.startswith(b"PK"):
        return _archive(data)
    start = data[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<head", b"<meta")):
        raise UnreadableTable(
            f"Это веб-страница (HTML) с таблицей, хотя называться файл может и «.xls». {_SAVE_AS}"
        )
    if start.startswith(b"<?xml") or start.startswith(b"<workbook"):
        raise UnreadableTable(f"Это файл XML. {_SAVE_AS}")
    return "text"


def _old_office(data: bytes) -> str:
    """Compound files of Office up to 2003; their directory names are in UTF-16."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise UnreadableTable(_LOCKED)
    if holds("WordDocument"):
        raise UnreadableTable(_WORD)
    if holds("Workbook") or holds("Book"):
        return "xls"
    raise UnreadableTable(_NOT_A_TABLE)


def _archive(data: bytes) -> str:
    names = set(member_names(data))
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if any(name.startswith("word/") for name in names):
        raise UnreadableTable(_WORD)
    if "encrypted-package" in names:  # LibreOffice since 24.2
        raise UnreadableTable(_LOCKED)
    if "content.xml" in names:
        return _open_document(data)
    if any(name.startswith("ppt/") for name in names):
        raise UnreadableTable("Это презентация, а не таблица. Нужен файл XLSX, XLS, ODS или CSV.")
    raise UnreadableTable("Это архив. Распакуйте его и загрузите саму таблицу.")


def _open_document(data: bytes) -> str:
    """An OpenDocument names its kind in the first, stored member."""
    if b"opendocument.text" in data[:200]:
        raise UnreadableTable(
            "Это текстовый документ (ODT), а не таблица. Нужен файл XLSX, XLS, ODS или CSV."
        )
    if b"opendocument.spreadsheet" not in data[:200]:
        raise UnreadableTable(_NOT_A_TABLE)
    return "ods"
