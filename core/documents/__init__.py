"""Documents of every app: one tree of content, printed as DOCX, PDF, XLSX and page (core/document.html)."""

from core.documents.content import Document, Heading, List, PageBreak, Paragraph
from core.documents.docx import to_docx
from core.documents.download import download
from core.documents.figures import Chart, Column, Group, Table
from core.documents.listing import list_to_xlsx
from core.documents.pdf import to_pdf, typeset
from core.documents.stored import from_data, to_data
from core.documents.values import Hidden, Link, Percent, Strong, text_of
from core.documents.xlsx import to_xlsx

__all__ = [
    "Chart",
    "Column",
    "Document",
    "Group",
    "Heading",
    "Hidden",
    "Link",
    "List",
    "PageBreak",
    "Paragraph",
    "Percent",
    "Strong",
    "Table",
    "download",
    "from_data",
    "list_to_xlsx",
    "text_of",
    "to_data",
    "to_docx",
    "to_pdf",
    "to_xlsx",
    "typeset",
]
