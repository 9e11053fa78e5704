"""Questionnaires as XLSForm workbooks (xlsform.org): those of other tools are read, ours are written."""

from diagnostics.xlsform.reading import Refusal, Refused, read, save
from diagnostics.xlsform.writing import write

__all__ = ["Refusal", "Refused", "read", "save", "write"]
