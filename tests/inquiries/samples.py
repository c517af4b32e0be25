"""Files as their programs write them, the smallest that are whole."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n149\n%%EOF\n"
)
TEXT = "application/vnd.oasis.opendocument.text"
SHEET = "application/vnd.oasis.opendocument.spreadsheet"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def archive(members, compression=zipfile.ZIP_DEFLATED):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return written.getvalue()


def odf(mimetype=TEXT, **more):
    return archive({"mimetype": mimetype, "content.xml": "<a/>", "META-INF/manifest.xml": "<m/>", **more})


def ooxml(main=WORD, part="word/document.xml", **more):
    types = f'<Types><Override PartName="/{part}" ContentType="{main}"/></Types>'
    return archive({"[Content_Types].xml": types, "_rels/.rels": "<r/>", part: "<d/>", **more})


def docx():
    return ooxml()


def xlsx():
    return ooxml(EXCEL, "xl/workbook.xml")


def image(kind="JPEG", size=(40, 20), mode="RGB", **saved):
    drawn = io.BytesIO()
    Image.new(mode, size, 90 if mode == "L" else None).save(drawn, kind, **saved)
    return drawn.getvalue()


def sent(content, name="plan.pdf", content_type="application/octet-stream"):
    return SimpleUploadedFile(name, content, content_type)


SAMPLES = {
    "pdf": PDF,
    "odt": odf(),
    "ods": odf(SHEET),
    "docx": docx(),
    "xlsx": xlsx(),
    "jpg": image(),
    "png": image("PNG"),
}
