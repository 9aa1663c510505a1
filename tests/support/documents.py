"""Makes PDFs, Word files and e-books for the tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas


def pdf_bytes(pages: Sequence[Sequence[tuple[float, float, float, str]]], **info: str) -> bytes:
    """A PDF with pages of Helvetica lines ``(x, y, size, text)``, and ``info`` as its metadata."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
                   b" /Encoding /WinAnsiEncoding >>")  # fmt: skip
    kids = []
    for lines in pages:
        stream = b"BT\n" + b"".join(
            b"/F1 %g Tf 1 0 0 1 %g %g Tm (%s) Tj\n"
            % (size, x, y, text.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)"))
            for x, y, size, text in lines
        )
        stream += b"ET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    said = "".join(f"/{name} ({value}) " for name, value in info.items())
    objects.append(f"<< {said}>>".encode("cp1252"))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        len(objects),
        start,
    )
    return bytes(out)


def locked_pdf(text: str) -> bytes:
    """A PDF that needs a password."""
    file = io.BytesIO()
    canvas = Canvas(file, encrypt="secret")
    canvas.drawString(72, 700, text)
    canvas.save()
    return file.getvalue()


def column(*lines: str, top: float = 700, x: float = 72) -> list[tuple[float, float, float, str]]:
    return [(x, top - 14 * i, 11, line) for i, line in enumerate(lines)]


SIMPLE = [
    (72.0, 740.0, 18.0, "A ban on software"),
    *column(
        "Amazon banned police use of its facial recog-",
        "nition technology for a year (the “first” such",
        "ban), making it the latest well-",
        "known company to do so, a well-known one.",
    ),
    *column("It did not say why it took action", "now.", top=620),
]


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def write_zip(path: Path, files: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return path


def write_docx(path: Path, body: str, before: str = "") -> Path:
    document = f"{before}<w:document {W}><w:body>{body}</w:body></w:document>"
    return write_zip(path, {"word/document.xml": document})


def write_book(path: Path, chapters: Mapping[str, str], **more: str) -> Path:
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"'
        f' properties="{"nav" if "nav" in name else "svg"}"/>'
        for n, name in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(chapters)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Book</dc:title>'
        "<dc:creator>Ann Lee</dc:creator><dc:creator>Bo Ek</dc:creator>"
        "<dc:date>2020</dc:date><dc:date>2020-06-11T00:00:00Z</dc:date>"
        '<meta property="dcterms:modified">2020-06-12T00:00:00Z</meta>'
        "<dc:publisher>A Press</dc:publisher></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="in/book.opf"/>'
        "</rootfiles></container>",
        "in/book.opf": package,
        **{f"in/{name.replace('%20', ' ')}": text for name, text in chapters.items()},
        **more,
    }
    return write_zip(path, files)


XHTML = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head><body>%s</body></html>'
)
