"""What a file is, read in its content: what its name and its sender say of it counts for nothing."""

import io
import re
import threading
import zipfile
from contextlib import contextmanager
from xml.parsers import expat

from PIL import Image, ImageOps

ODF = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
OOXML = {
    "wordprocessingml.document.main+xml": ("docx", "word/"),
    "spreadsheetml.sheet.main+xml": ("xlsx", "xl/"),
}
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "png": "image/png",
}
EXTENSIONS = [*CONTENT_TYPES, "jpeg"]
IMAGES = {"jpg": "JPEG", "png": "PNG"}
MOST_MEGAPIXELS = 25
"""Of an image that is unfolded: a hundred megabytes of memory, and a second of work."""
MOST_MEGAPIXELS_GIVEN = {"jpg": 55, "png": MOST_MEGAPIXELS}
"""A larger photo is read at half its size."""
SECONDS_IN_LINE = 2
MOST_IN_LINE = 3
MOST_SCANS = 100
"""Of a JPEG image, which has a dozen at most: each of them is a pass over all its points."""

MOST_MEMBERS = 5_000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PARSED = 4 * 1024 * 1024
CHUNK = 1024 * 1024
PLAIN_COMPRESSIONS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
ODF_MACRO = re.compile(r"(basic|scripts)/(?!.*(script|dialog)-l[bc]\.xml$).*[^/]", re.IGNORECASE)
OOXML_MACRO = re.compile(r"macroenabled|vbaproject|macrosheet", re.IGNORECASE)
LOCAL = re.compile(r"file:///[a-z]:[/\\]", re.IGNORECASE)
HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"}

BROKEN = "est abîmé ou incomplet\u00a0: ouvrez-le pour le vérifier, enregistrez-le à nouveau, puis joignez-le."
UNKNOWN = "n’est pas un fichier que nous savons recevoir\u00a0: joignez un PDF, ODT, ODS, DOCX, XLSX, JPEG ou PNG."
OLD_OFFICE = (
    "est dans un ancien format de bureautique, ou protégé par un mot de passe\u00a0: enregistrez-le en PDF, DOCX ou"
    " XLSX, sans mot de passe."
)
PHONE_PHOTO = "est une photo au format HEIC\u00a0: enregistrez-la en JPEG, puis joignez-la."
WITH_MACROS = "contient des macros, que nous ne recevons pas\u00a0: enregistrez-le sans elles, ou en PDF."
WITH_TEMPLATE = "va chercher son modèle sur un autre ordinateur\u00a0: enregistrez-le en PDF, puis joignez-le."
TOO_DENSE = "contient plus que nous ne pouvons ouvrir\u00a0: enregistrez-le en PDF, puis joignez-le."
TOO_WIDE = "est une image trop grande\u00a0: {most} millions de points au plus. Réduisez-la, puis joignez-la."
LATER = "n’a pas pu être vérifié pour le moment\u00a0: joignez-le à nouveau dans quelques minutes."


class Unfit(Exception):
    """Why a file is not taken: the end of a sentence that begins with its name."""


def recognised(content: bytes) -> tuple[str, bytes]:
    """Return the format of a file and what is kept of it: its bytes, or an image redrawn without what it told."""
    kind = _kind(content)
    return kind, _redrawn(content, kind) if kind in IMAGES else content


def _kind(content):
    head = content[:16]
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_archive(content)
    if content[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"%PDF-1.", b"%PDF-2.")):
        if b"%%EOF" not in content[-65536:]:
            raise Unfit(BROKEN)
        return "pdf"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Unfit(OLD_OFFICE)
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        raise Unfit(PHONE_PHOTO)
    raise Unfit(UNKNOWN)


def _kind_of_archive(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _read_through(archive)
            names = set(archive.namelist())
            kind = _odf_kind(archive, names) or _ooxml_kind(archive, names)
    except Unfit:
        raise
    except Exception as error:  # whatever zipfile fails on is no document
        raise Unfit(BROKEN) from error
    if not kind:
        raise Unfit(UNKNOWN)
    return kind


def _read_through(archive):
    """Unpack it all once, within bounds: zipfile gives no more than is announced, and verifies each sum."""
    members = archive.infolist()
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise Unfit(TOO_DENSE)
    for member in members:
        if member.compress_type not in PLAIN_COMPRESSIONS:
            raise Unfit(UNKNOWN)
        with archive.open(member) as unpacked:
            while unpacked.read(CHUNK):
                pass


def _odf_kind(archive, names):
    if not {"mimetype", "content.xml", "META-INF/manifest.xml"} <= names:
        return ""
    if any(ODF_MACRO.match(name) for name in names):
        raise Unfit(WITH_MACROS)
    return ODF.get(archive.read("mimetype").strip(), "")


def _ooxml_kind(archive, names):
    if "[Content_Types].xml" not in names:
        return ""
    relations = [name for name in names if name.lower().endswith(".rels")]
    if sum(archive.getinfo(name).file_size for name in ["[Content_Types].xml", *relations]) > MOST_PARSED:
        raise Unfit(TOO_DENSE)
    types = "\n".join(value for told in _elements(archive, "[Content_Types].xml") for value in told.values())
    if OOXML_MACRO.search(types) or any(OOXML_MACRO.search(name) for name in names):
        raise Unfit(WITH_MACROS)
    if any(_is_distant_template(told) for name in relations for told in _elements(archive, name)):
        raise Unfit(WITH_TEMPLATE)
    for mark, (kind, folder) in OOXML.items():
        if mark in types and any(name.startswith(folder) for name in names):
            return kind
    return ""


def _elements(archive, name):
    """The attributes of each element of a part, read as office suites read them: entities and encodings resolved."""
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _, attributes: found.append(attributes)
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(archive.read(name), True)
    return found


def _refuse_doctype(*_):
    raise Unfit(BROKEN)  # the standard has none, and entities of one's own would hide what is looked for


def _is_distant_template(told):
    """Whether opening the document would fetch a template, with its macros; one of the same computer is common."""
    is_template = told.get("Type", "").strip().lower().endswith("/attachedtemplate")
    is_external = told.get("TargetMode", "").strip().lower() == "external"
    return is_template and is_external and not LOCAL.match(told.get("Target", ""))


_one_at_a_time = threading.Semaphore(1)  # an image of ten megabytes unfolds into a hundred
_in_line = threading.Semaphore(MOST_IN_LINE)  # whoever waits holds a thread that other pages need


@contextmanager
def _alone():
    """One image at a time for the process; whoever would wait long is told to come back."""
    if not _in_line.acquire(blocking=False):
        raise Unfit(LATER)
    try:
        if not _one_at_a_time.acquire(timeout=SECONDS_IN_LINE):
            raise Unfit(LATER)
        try:
            yield
        finally:
            _one_at_a_time.release()
    finally:
        _in_line.release()


def _redrawn(content, kind):
    """Redraw an image the right way up, without the place, the date, the device and the rest that its file says."""
    if kind == "jpg" and content.count(b"\xff\xda") > MOST_SCANS:
        raise Unfit(BROKEN)
    too_wide = TOO_WIDE.format(most=MOST_MEGAPIXELS_GIVEN[kind])
    try:
        with Image.open(io.BytesIO(content), formats=[IMAGES[kind]]) as image:
            if image.width * image.height > MOST_MEGAPIXELS_GIVEN[kind] * 1_000_000:
                raise Unfit(too_wide)
            if image.width * image.height > MOST_MEGAPIXELS * 1_000_000:
                image.draft(None, (image.width // 2, image.height // 2))
            with _alone():
                return _drawn(image, kind)
    except Unfit:
        raise
    except Image.DecompressionBombError as error:
        raise Unfit(too_wide) from error
    except Exception as error:  # whatever Pillow fails on is no image
        raise Unfit(BROKEN) from error


def _drawn(image, kind):
    image.load()
    upright = ImageOps.exif_transpose(image)
    if kind == "jpg" and upright.mode not in {"L", "RGB"}:
        upright = upright.convert("RGB")
    upright.info = {name: value for name, value in upright.info.items() if name == "transparency"}
    drawn = io.BytesIO()
    upright.save(drawn, IMAGES[kind], **({"quality": 88} if kind == "jpg" else {}))
    return drawn.getvalue()
