"""Wraps the same table as each kind of file in which statistics are published."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from tests.smq.readers.ae_cases import Rows, write

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
)
TAIL = "</office:spreadsheet></office:body></office:document-content>"
BLANK_ROWS = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'


def cell(value: object) -> str:
    """Give a cell as a spreadsheet program writes it, with a note that is no part of its value."""
    if value is None or value == "":
        return "<table:table-cell/>"
    note = "<office:annotation><text:p>a note</text:p></office:annotation>"
    if isinstance(value, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}">{note}'
            f"<text:p>{value:,}</text:p></table:table-cell>"
        )
    if isinstance(value, date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{value:%Y-%m-%d}T00:00:00">'
            f"<text:p>{value:%d %B %Y}</text:p></table:table-cell>"
        )
    first, _, rest = str(value).partition(" ")
    # A part of the text may stand in an element of its own.
    more = f" <text:span>{escape(rest)}</text:span>" if rest else ""
    words = f"<text:p>{escape(first)}{more}</text:p>"
    return f'<table:table-cell office:value-type="string">{words}</table:table-cell>'


def sheet(name: str, rows: Rows) -> str:
    """Give a sheet: blank cells and rows behind it are counted, not written, as programs do."""
    lines = [
        "<table:table-row>"
        + "".join(map(cell, row))
        + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        for row in rows
    ]
    return f"<table:table table:name={quoteattr(name)}>{''.join(lines)}{BLANK_ROWS}</table:table>"


def write_ods(path: Path, sheets: dict[str, Rows], content: str | None = None) -> Path:
    """Write a spreadsheet (.ods)."""
    text = HEAD + "".join(sheet(name, rows) for name, rows in sheets.items()) + TAIL
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", text if content is None else content)
    return path


def csv_text(rows: Rows) -> str:
    """Give rows as CSV."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    return stream.getvalue()


def wrap(folder: Path, stem: str, kind: str, name: str, rows: Rows) -> Path:
    """Write the table as a file of that kind; in workbooks beside a sheet of another content."""
    path = folder / f"{stem}.{kind}"
    sheets: dict[str, Rows] = {"Notes": [["What the columns mean"]], name: rows}
    if kind == "ods":
        return write_ods(path, sheets)
    if kind == "xlsx":
        return write(path, sheets)
    if kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("extract.csv", csv_text(rows))
            archive.writestr("Read me.txt", "What the columns mean")
        return path
    path.write_text(csv_text(rows), encoding="utf-8")
    return path
