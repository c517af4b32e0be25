"""Files that people send: what is taken, what is refused and how it is said, where it goes and who gets it back."""

import io
import os
import subprocess
import sys
import time
import uuid
import zipfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from django import forms
from django.core import signing
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from inquiries import actions, files, formats, held
from inquiries.files import Rejected
from inquiries.forms import uploads
from inquiries.forms.uploads import WithUploads
from inquiries.models import Draft, MessageKind, Upload
from tests.accounts.factories import make_membership

from . import samples
from .factories import make_inquiry
from .samples import SAMPLES, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def stored(media):
    return sorted(path for path in media.rglob("*") if path.is_file())


def drawn(media):
    return Image.open(io.BytesIO(stored(media)[0].read_bytes()))


def refusal(content, name="plan.pdf"):
    with pytest.raises(Rejected) as refused:
        files.accept(sent(content, name))
    assert not Upload.objects.exists()
    return str(refused.value)


# What is taken


@pytest.mark.parametrize("kind", SAMPLES)
def test_each_format_is_taken_for_what_it_is(kind, media):
    upload = files.accept(sent(SAMPLES[kind], f"Projet.{kind}"))
    assert (upload.kind, upload.name) == (kind, f"Projet.{kind}")
    [path] = stored(media)
    assert path == files.path_of(upload.key)
    assert path.stat().st_size == upload.size
    if kind not in formats.IMAGES:
        assert path.read_bytes() == SAMPLES[kind]


def test_the_name_on_the_disk_says_nothing(media):
    upload = files.accept(sent(SAMPLES["pdf"], "Délibération.pdf"))
    [path] = stored(media)
    assert "lib" not in path.name
    assert path.suffix == ""
    assert upload.key.hex == path.name
    assert path.stat().st_mode & 0o111 == 0


def test_what_the_name_says_is_mended_after_the_content():
    assert files.accept(sent(SAMPLES["pdf"], "plan.docx")).name == "plan.pdf"
    assert files.accept(sent(SAMPLES["jpg"], "PHOTO.JPEG")).name == "PHOTO.jpg"
    assert files.accept(sent(SAMPLES["png"], "sans extension")).name == "sans extension.png"
    assert files.accept(sent(SAMPLES["pdf"], "version 2.1")).name == "version 2.1.pdf"


def test_ten_megabytes_are_taken_and_not_one_byte_more():
    filling = b"\n%" + b"a" * (files.MOST_BYTES - len(samples.PDF) - 9) + b"\n%%EOF\n"
    assert files.accept(sent(samples.PDF + filling)).size == files.MOST_BYTES
    Upload.objects.all().delete()
    assert "«\u00a0plan.pdf\u00a0» est trop lourd" in refusal(samples.PDF + filling + b"\n")


# Images


def test_an_image_keeps_nothing_of_where_and_with_what_it_was_taken(media):
    exif = Image.Exif()
    exif[0x010F] = "Marque"
    exif[0x8825] = {1: "N", 2: (45.0, 53.0, 1.0)}
    content = samples.image(exif=exif, comment=b"Chez Madame Martin", icc_profile=b"profil")
    assert b"Marque" in content
    assert b"Martin" in content
    files.accept(sent(content, "photo.jpg"))
    kept = stored(media)[0].read_bytes()
    for told in (b"Marque", b"Martin", b"profil", b"Exif"):
        assert told not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_a_png_keeps_no_text_and_its_transparency(media):
    told = PngInfo()
    told.add_text("Author", "Madame Martin")
    files.accept(sent(samples.image("PNG", mode="RGBA", pnginfo=told), "plan.png"))
    kept = stored(media)[0].read_bytes()
    assert b"Martin" not in kept
    assert Image.open(io.BytesIO(kept)).mode == "RGBA"


def test_an_image_is_turned_as_its_camera_says(media):
    exif = Image.Exif()
    exif[0x0112] = 6
    files.accept(sent(samples.image(size=(40, 20), exif=exif), "photo.jpg"))
    assert drawn(media).size == (20, 40)


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_images_of_printers_and_scanners_are_taken(mode, media):
    files.accept(sent(samples.image(mode=mode), "scan.jpg"))
    assert drawn(media).mode in {"RGB", "L"}


def test_what_follows_an_image_is_not_kept(media):
    files.accept(sent(SAMPLES["jpg"] + b"<script>alert(1)</script>", "photo.jpg"))
    assert b"script" not in stored(media)[0].read_bytes()


def test_an_image_too_wide_is_refused_before_it_is_unfolded():
    white = samples.image("PNG", size=(8000, 7000), mode="1")
    assert len(white) < 100_000
    assert "25 millions de points" in refusal(white, "plan.png")


def test_the_photo_of_a_large_sensor_is_taken_at_half_its_size(media):
    files.accept(sent(samples.image(size=(8192, 6144), mode="L"), "photo.jpg"))
    assert drawn(media).size == (4096, 3072)


def test_an_image_that_would_wait_long_is_to_be_sent_again(monkeypatch):
    monkeypatch.setattr(formats, "SECONDS_IN_LINE", 0.05)
    with formats._alone():
        assert "dans quelques minutes" in refusal(SAMPLES["png"], "plan.png")
    with ExitStack() as line:
        for _ in range(formats.MOST_IN_LINE):
            formats._in_line.acquire()
            line.callback(formats._in_line.release)
        assert "dans quelques minutes" in refusal(SAMPLES["png"], "plan.png")
    assert files.accept(sent(SAMPLES["png"], "plan.png")).kind == "png"


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("size", [(10_000, 10_000), (20_000, 20_000)])
def test_a_decompression_bomb_is_refused_with_the_same_sentence(size):
    assert "25 millions de points" in refusal(samples.image("PNG", size=size, mode="1"), "plan.png")


def test_a_jpeg_of_a_thousand_scans_is_refused():
    content = SAMPLES["jpg"]
    assert "abîmé" in refusal(content[:-2] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" * 1000 + content[-2:], "a.jpg")


# What is refused


def macros(**more):
    return samples.ooxml("application/vnd.ms-word.document.macroEnabled.main+xml", **more)


REFUSED = {
    "est vide": [b""],
    "abîmé": [
        SAMPLES["jpg"][:200],
        SAMPLES["png"][:50],
        b"\xff\xd8\xff" + b"a" * 500,
        samples.PDF[:80],
        SAMPLES["docx"][:-40],
        samples.archive({"mimetype": samples.TEXT, "content.xml": "<a/>"}, zipfile.ZIP_STORED).replace(
            b"<a/>", b"<b/>"
        ),
        b"PK\x03\x04" + b"\x00" * 500,
    ],
    "pas un fichier que nous savons recevoir": [
        b"MZ\x90\x00" + b"\x00" * 500,
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + b"\x00" * 100,
        b"Bonjour",
        b"\x00" * 100,
        b"a" * 100 + samples.PDF,
        samples.archive({"lisez-moi.txt": "un zip"}),
        samples.archive({"mimetype": samples.TEXT}),
        samples.odf("application/epub+zip"),
        samples.odf("application/vnd.oasis.opendocument.presentation"),
        samples.ooxml("application/vnd.ms-powerpoint.presentation", "ppt/presentation.xml"),
        samples.ooxml(samples.WORD, "ailleurs/document.xml"),
        samples.archive({"mimetype": samples.TEXT, "content.xml": "a"}, zipfile.ZIP_LZMA),
    ],
    "ancien format de bureautique": [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600],
    "HEIC": [b"\x00\x00\x00\x18ftypheic" + b"\x00" * 100],
    "contient des macros": [
        macros(),
        samples.ooxml("application/vnd.ms-word.document.macro&#69;nabled.main+xml"),
        samples.ooxml(**{"word/vbaProject.bin": "m"}),
        samples.ooxml(samples.EXCEL, "xl/workbook.xml", **{"xl/macrosheets/sheet1.xml": "m"}),
        samples.odf(**{"Basic/Standard/Module1.xml": "m"}),
        samples.odf(**{"Scripts/python/module.py": "m"}),
    ],
    "plus que nous ne pouvons ouvrir": [
        samples.ooxml(**{"word/media/image1.bin": b"\x00" * (formats.MOST_UNPACKED + 1)}),
        samples.ooxml(**{f"word/media/{number}": b"" for number in range(formats.MOST_MEMBERS)}),
    ],
}


@pytest.mark.parametrize(
    ("words", "content"), [(words, content) for words, contents in REFUSED.items() for content in contents]
)
def test_what_is_not_a_document_is_refused_with_its_reason(words, content, media):
    sentence = refusal(content, "rapport.pdf")
    assert sentence.startswith("«\u00a0rapport.pdf\u00a0» ")
    assert words in sentence
    assert not stored(media)


def test_the_index_that_libreoffice_writes_beside_no_macro_is_no_macro():
    content = samples.odf(**{"Basic/script-lc.xml": "i", "Basic/Standard/script-lb.xml": "i"})
    assert files.accept(sent(content)).kind == "odt"


def distant(target, part="word/_rels/settings.xml.rels"):
    told = f'<r><Relationship Type="http://s/attachedTemplate" Target="{target}" TargetMode="&#69;xternal"/></r>'
    return samples.ooxml(**{part: told})


@pytest.mark.parametrize(
    "content",
    [
        distant("https://pirate.example/modele.dotm"),
        distant("file://pirate.example/modele.dotm"),
        distant("\\\\pirate\\modele.dotm", "WORD/_rels/autre.xml.RELS"),
    ],
)
def test_a_template_fetched_elsewhere_is_refused(content):
    assert "son modèle sur un autre ordinateur" in refusal(content, "lettre.docx")


def test_the_template_of_ones_own_computer_is_common():
    assert files.accept(sent(distant("file:///C:\\Modeles\\Lettre.dotx"))).kind == "docx"


def test_a_document_that_declares_entities_is_none():
    types = '<!DOCTYPE t [<!ENTITY m "macroEnabled">]><Types><Override ContentType="&m;"/></Types>'
    parts = {"[Content_Types].xml": types, "word/document.xml": "<d/>"}
    assert "abîmé" in refusal(samples.archive(parts), "lettre.docx")


def test_an_archive_that_lies_about_its_size_is_refused():
    honest = samples.ooxml(**{"word/media/image1.bin": b"\x00" * 1_000_000})
    size = (1_000_000).to_bytes(4, "little")
    assert honest.count(size) == 2
    assert "abîmé" in refusal(honest.replace(size, (1000).to_bytes(4, "little")), "rapport.docx")


# Names


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\mairie\\plan.pdf", "plan.pdf"),
        ("plan\u202efdp.exe", "planfdp.exe.pdf"),
        ("\u2066plan\u200b.pdf", "plan.pdf"),
        ("plan\n\r\x00\x1b[31m.pdf", "plan [31m.pdf"),
        ("  .plan.  .pdf", "plan.pdf"),
        (".pdf", "document.pdf"),
        ("...", "document.pdf"),
        ("", "document.pdf"),
        ("CON.pdf", "document CON.pdf"),
        ("plan du 3/4.pdf", "4.pdf"),
        ('<b>"plan"</b>?.pdf', "b.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("Délibération n° 12 — l’école.pdf", "Délibération n° 12 — l’école.pdf"),
        ("مخطط.pdf", "مخطط.pdf"),
    ],
)
def test_a_hostile_name_is_made_plain(given, shown):
    assert files.safe_name(given, "pdf") == shown


def test_a_long_name_is_cut_before_its_extension():
    name = files.accept(sent(SAMPLES["odt"], "é" * 300 + ".odt")).name
    assert len(name) == 120
    assert name.endswith("é.odt")


def test_a_refused_file_is_named_as_safely():
    assert refusal(b"MZ", "a\u202egpj.exe").startswith("«\u00a0agpj.exe\u00a0» n’est pas")
    assert len(refusal(b"MZ", "a" * 250 + "." + "b" * 5000)) < 400


# The antivirus of the house


def antivirus(settings, code):
    settings.ANTIVIRUS_COMMAND = [sys.executable, "-c", code]


READS = "import sys; sys.exit(b'EICAR' in sys.stdin.buffer.read())"


def test_the_antivirus_reads_the_file(settings):
    antivirus(settings, READS)
    assert files.accept(sent(SAMPLES["pdf"])).kind == "pdf"
    Upload.objects.all().delete()
    assert "«\u00a0plan.pdf\u00a0» contient un virus" in refusal(samples.PDF + b"EICAR %%EOF")


@pytest.mark.parametrize(
    "code", ["import sys; sys.exit(2)", "import os; os.kill(os.getpid(), 9)", "import time; time.sleep(9)"]
)
def test_without_a_clear_verdict_the_file_is_to_be_sent_again(settings, monkeypatch, code, media):
    monkeypatch.setattr(files, "ANTIVIRUS_SECONDS", 1)
    antivirus(settings, code)
    assert "dans quelques minutes" in refusal(samples.PDF)
    settings.ANTIVIRUS_COMMAND = ["/nulle/part"]
    assert "dans quelques minutes" in refusal(samples.PDF)
    assert not stored(media)


# On the disk


def test_a_disk_that_refuses_is_said_and_leaves_nothing(media):
    (media / "questions").write_text("not a folder")
    assert "n’a pas pu être enregistré" in refusal(samples.PDF)


@pytest.mark.django_db(transaction=True)
def test_a_file_goes_with_its_row_once_that_is_certain(media):
    draft = Draft.objects.create()
    files.accept(sent(samples.PDF), draft=draft)
    with pytest.raises(RuntimeError), transaction.atomic():
        draft.delete()
        raise RuntimeError
    assert len(stored(media)) == 1
    Draft.objects.all().delete()
    assert not stored(media)


def age(path, days):
    then = time.time() - days * 86400
    os.utime(path, (then, then))


def test_what_never_came_back_is_swept(media, django_capture_on_commit_callbacks):
    draft = Draft.objects.create()
    kept = [files.accept(sent(samples.PDF), draft=draft), files.accept(sent(samples.PDF))]
    abandoned = files.accept(sent(samples.PDF))
    Upload.objects.filter(pk__in=[kept[0].pk, abandoned.pk]).update(received_at=timezone.now() - timedelta(days=3))
    orphan, recent = files.path_of(uuid.uuid4()), files.path_of(uuid.uuid4())
    for path in (orphan, recent, orphan.with_suffix(".part")):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"never committed")
    for path in (orphan, orphan.with_suffix(".part"), *[files.path_of(upload.key) for upload in kept]):
        age(path, days=3)
    with django_capture_on_commit_callbacks(execute=True):
        files.sweep()
    assert stored(media) == sorted([recent, *[files.path_of(upload.key) for upload in kept]])
    assert not Upload.objects.filter(pk=abandoned.pk).exists()


def test_a_database_without_files_sweeps_those_of_no_other(media):
    files.sweep()
    path = files.path_of(uuid.uuid4())
    path.parent.mkdir(parents=True)
    path.write_bytes(b"of another database")
    age(path, days=3)
    files.sweep()
    assert stored(media) == [path]


@pytest.mark.parametrize("moment", ["write", "fsync", "replace"])
def test_killed_while_it_writes_a_process_leaves_no_half_of_a_file(media, moment):
    """What bears the name of a file is whole: the process is killed at each step before it is."""
    code = f"""
import os, signal, sys, uuid
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
import django; django.setup()
from inquiries import files
def die(*args, **kwargs): os.kill(os.getpid(), signal.SIGKILL)
if {moment!r} == "fsync": os.fsync = die
if {moment!r} == "replace": Path.replace = die
content = type("Dies", (bytes,), {{"__buffer__": die}})(b"a" * 10) if {moment!r} == "write" else b"a" * 10_000_000
if {moment!r} == "write":
    opened = Path.open
    def dying(path, mode):
        file = opened(path, mode)
        file.write(b"half")
        file.flush()
        die()
    Path.open = dying
files._write(Path({str(media)!r}) / "questions" / "aa" / ("a" * 32), content)
"""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == -9, done.stderr
    assert [path.suffix for path in stored(media)] == [".part"]


# In a form


class Form(WithUploads):
    text = forms.CharField()


def fill(form_class=Form, sent_files=(), *, text="Bonjour", page=None, remove=(), **holder):
    """Send the form as a browser does, with the hidden fields of the page that it was on."""
    data = QueryDict(mutable=True)
    data["text"] = text
    if page is not None and page.signed_keys:
        data["_fichiers"] = page.signed_keys
    data.setlist("_retirer", [str(upload.key) for upload in remove])
    return form_class(data, MultiValueDict({"documents": list(sent_files)}), **{"address": "203.0.113.7", **holder})


def test_accepted_files_survive_an_error_elsewhere():
    page = fill(sent_files=[sent(SAMPLES["pdf"]), sent(SAMPLES["odt"], "b.odt")], text="", bound_to="1")
    assert not page.is_valid()
    assert [upload.name for upload in page.kept] == ["plan.pdf", "b.odt"]
    assert "plan.pdf" in page.as_div()
    assert "PDF, 1\u00a0Ko" in page.as_div()
    again = fill(page=page, bound_to="1")
    assert again.is_valid()
    assert again.cleaned_data["documents"] == page.kept


def test_each_refused_file_has_its_sentence_and_the_others_stay():
    page = fill(sent_files=[sent(b"MZ", "a.exe"), sent(SAMPLES["pdf"]), sent(b"", "vide.odt")], bound_to="1")
    assert not page.is_valid()
    assert [sentence[:14] for sentence in page.errors["documents"]] == [
        "«\u00a0a.exe\u00a0» n’es",
        "«\u00a0vide.odt\u00a0» e",
    ]
    assert [upload.name for upload in page.kept] == ["plan.pdf"]
    assert page.as_div().count('class="error"') == 2


def test_the_list_of_a_page_opens_nothing_elsewhere():
    page = fill(sent_files=[sent(SAMPLES["pdf"])], text="", bound_to="1")
    assert not page.is_valid()
    for forged in (page.signed_keys, page.signed_keys[:-1], signing.dumps([page.kept[0].key.hex])):
        data = QueryDict(mutable=True)
        data.update({"text": "Bonjour", "_fichiers": forged})
        form = Form(data, MultiValueDict(), address="203.0.113.7", bound_to="2")
        assert form.errors["documents"] == [
            "Les fichiers joints auparavant n’ont pas pu être repris\u00a0: joignez-les à nouveau."
        ]
        assert form.kept == []


def test_a_file_is_joined_to_one_message_only(elected):
    inquiry = make_inquiry(elected)
    page = fill(sent_files=[sent(SAMPLES["pdf"])], bound_to="1")
    assert page.is_valid()
    signed = page.signed_keys
    actions.reply(inquiry, "Voici.", by=elected, key="cle", uploads=page.cleaned_data["documents"])
    data = QueryDict(mutable=True)
    data.update({"text": "Bonjour", "_fichiers": signed})
    again = Form(data, MultiValueDict(), address="203.0.113.7", bound_to="1")
    assert "n’ont pas pu être repris" in str(again.errors["documents"])


def test_five_files_are_taken_and_the_others_named():
    seven = [sent(samples.PDF + b"%%%d %%%%EOF" % number, f"{number}.pdf") for number in range(7)]
    page = fill(sent_files=seven, bound_to="1")
    assert page.errors["documents"] == [
        "«\u00a05.pdf\u00a0» n’a pas été joint\u00a0: cinq fichiers au plus.",
        "«\u00a06.pdf\u00a0» n’a pas été joint\u00a0: cinq fichiers au plus.",
    ]
    assert len(page.kept) == 5


def test_no_more_than_five_files_are_read(monkeypatch):
    read: list[bytes] = []
    monkeypatch.setattr(files, "_scan", read.append)
    page = fill(sent_files=[sent(b"MZ%d" % number, f"{number}\u202e.exe") for number in range(12)], bound_to="1")
    assert page.errors["documents"][-1] == "«\u00a011.exe\u00a0» n’a pas été joint\u00a0: cinq fichiers au plus."
    assert len(page.errors["documents"]) == 12
    assert len(read) == 5


def test_past_so_many_files_an_address_waits_and_nobody_else(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_FROM_AN_ADDRESS", 2)
    three = [sent(SAMPLES[kind], f"plan.{kind}") for kind in ("pdf", "odt", "ods")]
    page = fill(sent_files=three, bound_to="1")
    assert "dans une heure" in page.errors["documents"][0]
    assert page.kept == []
    assert fill(bound_to="1").is_valid()
    assert fill(sent_files=three[:2], bound_to="1", address="203.0.113.8").is_valid()


def test_a_file_is_removed_by_its_box():
    draft = Draft.objects.create()
    form = fill(sent_files=[sent(SAMPLES["pdf"]), sent(SAMPLES["odt"], "b.odt")], draft=draft)
    assert form.is_valid()
    again = fill(draft=draft, remove=form.kept[:1])
    assert again.is_valid()
    assert [upload.name for upload in draft.uploads.all()] == ["b.odt"]


def test_nobody_removes_the_file_of_another():
    mine, theirs = Draft.objects.create(), Draft.objects.create()
    upload = files.accept(sent(samples.PDF), draft=theirs)
    assert fill(draft=mine, remove=[upload]).is_valid()
    assert theirs.uploads.count() == 1


def test_a_draft_finds_its_files_again():
    draft = Draft.objects.create()
    assert not fill(sent_files=[sent(SAMPLES["pdf"])], text="", draft=draft).is_valid()
    page = Form(draft=draft, address="203.0.113.7")
    assert [upload.name for upload in page.kept] == ["plan.pdf"]
    assert reverse("inquiries:file", args=[page.kept[0].key]) in page.as_div()
    assert "_fichiers" not in page.as_div()


def test_a_form_sent_twice_joins_its_files_once():
    draft = Draft.objects.create()
    both = [sent(SAMPLES["jpg"], "photo.jpg"), sent(SAMPLES["pdf"])]
    assert fill(sent_files=both, draft=draft).is_valid()
    assert fill(sent_files=both, draft=draft).is_valid()
    assert draft.uploads.count() == 2


def test_files_are_optional():
    form = fill(draft=Draft.objects.create())
    assert form.is_valid()
    assert form.cleaned_data["documents"] == []


# Handed back


def got(client, upload):
    """The status, and the content read to its end, as a browser does."""
    answer = client.get(upload.get_absolute_url())
    return answer.status_code, b"".join(answer) if answer.streaming else b""


@pytest.fixture
def joined(elected):
    """A file of the question of an official."""
    draft = Draft.objects.create(owner=elected)
    upload = files.accept(sent(SAMPLES["odt"], "Délibération « école ».odt"), draft=draft)
    make_inquiry(elected, draft=draft)
    upload.refresh_from_db()
    return upload


@pytest.mark.parametrize("name", ["elected", "adviser"])
def test_the_asker_and_the_advisers_get_a_file(request, client, joined, name):
    client.force_login(request.getfixturevalue(name))
    assert got(client, joined) == (200, SAMPLES["odt"])


@pytest.mark.parametrize("name", ["stranger", "curator", None])
def test_nobody_else_learns_that_it_exists(request, client, joined, name):
    if name:
        client.force_login(request.getfixturevalue(name))
    assert got(client, joined) == (404, b"")


def test_a_colleague_gets_it_once_the_asker_shares(client, joined, elected, stranger):
    inquiry = joined.message.inquiry
    make_membership(stranger, inquiry.collectivity)
    client.force_login(stranger)
    assert got(client, joined)[0] == 404
    actions.share(inquiry, True, by=elected)
    assert got(client, joined)[0] == 200


def test_what_goes_with_a_note_is_for_advisers(client, joined, elected, adviser):
    note = joined.message.inquiry.messages.create(kind=MessageKind.NOTE, text="À revoir.", author=adviser)
    Upload.objects.update(message=note)
    client.force_login(elected)
    assert client.get(joined.get_absolute_url()).status_code == 404


def test_a_file_is_handed_to_be_kept_never_to_be_shown(client, joined, elected):
    client.force_login(elected)
    answer = client.get(joined.get_absolute_url())
    assert b"".join(answer.streaming_content) == SAMPLES["odt"]
    assert answer["Content-Type"] == samples.TEXT
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert unquote(answer["Content-Disposition"]).endswith("Délibération « école ».odt")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert answer["Content-Length"] == str(joined.size)
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_draft_hands_its_files_to_who_holds_it(client, elected, stranger):
    draft = Draft.objects.create(owner=elected)
    upload = files.accept(sent(samples.PDF), draft=draft)
    assert got(client, upload)[0] == 404
    session = client.session
    session[held.SESSION_KEY] = draft.key
    session.save()
    assert got(client, upload)[0] == 200
    session.flush()
    client.force_login(stranger)
    assert got(client, upload)[0] == 404
    client.force_login(elected)
    assert got(client, upload)[0] == 200


def test_a_file_that_waits_for_its_form_is_nobodys(client, adviser):
    client.force_login(adviser)
    assert client.get(files.accept(sent(samples.PDF)).get_absolute_url()).status_code == 404


def test_a_file_lost_by_the_disk_is_not_an_error_page(client, joined, elected):
    files.path_of(joined.key).unlink()
    client.force_login(elected)
    assert client.get(joined.get_absolute_url()).status_code == 404


# What is too heavy altogether


class Endless(io.RawIOBase):
    """What somebody sends and sends, without taking its place in memory."""

    def __init__(self, length):
        self.left = length

    def read(self, size=-1):
        given = min(self.left, size if size >= 0 else self.left)
        self.left -= given
        return b"a" * given


def test_sixty_megabytes_get_a_page_once_read(client):
    body = Endless(60 * 1024 * 1024)
    answer = client.generic(
        "POST",
        reverse("accounts:sign_in"),
        content_type="multipart/form-data; boundary=b",
        **{"wsgi.input": body, "CONTENT_LENGTH": str(body.left)},
    )
    assert answer.status_code == 413
    assert "Votre envoi est trop lourd" in answer.content.decode()
    assert body.left == 0
