from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import modelform_factory
from django.utils.datastructures import MultiValueDict
from PIL import Image as Picture

from experiences import images
from experiences.models import Image

UploadForm = modelform_factory(Image, fields=["file"])


def picture(file_format, size=(4, 3)):
    content = BytesIO()
    Picture.new("1" if file_format == "PNG" else "RGB", size).save(content, file_format)
    return content.getvalue()


def refusals(name, content):
    files: MultiValueDict = MultiValueDict({"file": [SimpleUploadedFile(name, content)]})
    return UploadForm(files=files).errors.get("file", [])


@pytest.mark.parametrize(
    ("name", "file_format"), [("a.jpg", "JPEG"), ("a.JPEG", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP")]
)
def test_a_photograph_is_taken(name, file_format):
    assert refusals(name, picture(file_format)) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.png", b"<script>alert(1)</script>"),
        ("a.gif", picture("GIF")),
        ("a.png", picture("GIF")),
        ("a.jpg", picture("PNG")),
        ("a.html", picture("PNG")),
        ("a.png", b""),
        ("a.jpg", picture("JPEG", (400, 300))[:700]),
        ("a.png", picture("PNG", (30_000, 30_000))),
    ],
)
def test_what_is_no_image_or_says_to_be_another_is_refused(name, content):
    assert refusals(name, content)


def test_an_image_too_large_to_be_shown_is_refused_before_it_is_unpacked():
    assert "quarante millions" in refusals("a.png", picture("PNG", (8_000, 5_001)))[0]


def test_a_file_too_heavy_is_refused():
    content = picture("JPEG")
    assert "dix mégaoctets" in refusals("a.jpg", content + b"\0" * (images.MOST_BYTES + 1 - len(content)))[0]
