"""Files joined to a form: those that were accepted stay joined, whatever the other fields say."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.db import transaction
from django.utils.datastructures import MultiValueDict

from inquiries import files
from inquiries.models import Draft, Upload
from limits.models import within

HELP = "PDF, ODT, ODS, DOCX, XLSX, JPEG ou PNG\u00a0: cinq fichiers au plus, de dix mégaoctets chacun."
ACCEPTED = ".pdf,.odt,.ods,.docx,.xlsx,.jpg,.jpeg,.png,image/jpeg,image/png"
LOST = "Les fichiers joints auparavant n’ont pas pu être repris\u00a0: joignez-les à nouveau."
MOST_FROM_AN_ADDRESS, HOUR = 200, timedelta(hours=1)
TOO_MANY = "Beaucoup de fichiers sont arrivés d’ici\u00a0: joignez les vôtres dans une heure."
TOO_MANY_AT_ONCE = "«\u00a0{name}\u00a0» n’a pas été joint\u00a0: cinq fichiers au plus."
KEPT_NAME, REMOVED_NAME = "_fichiers", "_retirer"
"""The underscore tells the page of lost forms that nobody typed them."""


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name)


class UploadsField(forms.Field):
    widget = FilesInput(attrs={"accept": ACCEPTED})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(template_name="inquiries/_uploads.html", required=False, **kwargs)


class WithUploads(forms.Form):
    """A form with files: `cleaned_data["documents"]` is the list of their rows; `kept`, whatever the errors.

    With a draft, files belong to it and are found again with it. Without, the page carries the signed list of those
    that were accepted, good for what `bound_to` says (a person and a question) and for nothing else. Reading a file
    takes time: those that come from one address are counted.
    """

    documents = UploadsField(label="Documents", help_text=HELP)

    def __init__(self, *args: Any, address: str, draft: Draft | None = None, bound_to: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = address
        self.draft = draft
        self.salt = f"inquiries.uploads/{bound_to}"
        self.are_lost = False
        self.kept = self._joined_before()

    def _joined_before(self):
        if self.draft:
            return list(self.draft.uploads.all())
        signed = self.data.get(KEPT_NAME)
        if not signed:
            return []
        try:
            keys = signing.loads(signed, salt=self.salt, max_age=files.KEPT_UNSENT)
        except signing.BadSignature:
            keys = None
        found = list(Upload.objects.filter(key__in=keys or [], message=None, draft=None).order_by("pk"))
        self.are_lost = keys is None or len(found) < len(keys)
        return found

    @property
    def signed_keys(self):
        """What the page carries of the files that belong to no draft."""
        if self.draft or not self.kept:
            return ""
        return signing.dumps([upload.key.hex for upload in self.kept], salt=self.salt)

    def clean_documents(self):
        verified, refusals = self._verified(self.cleaned_data["documents"])
        sentences = [LOST, *refusals] if self.are_lost else refusals
        with transaction.atomic():
            self._take_draft()
            self._remove(self.data.getlist(REMOVED_NAME) if isinstance(self.data, MultiValueDict) else [])
            for file in verified:
                try:
                    self._join(file)
                except files.Rejected as rejected:
                    sentences.append(str(rejected))
        if sentences:
            raise forms.ValidationError(sentences)
        return self.kept

    def _verified(self, sent):
        """Those that may be joined, and why others are not; no more are read than may be joined at once."""
        if not all(within("inquiries.files", self.address, most=MOST_FROM_AN_ADDRESS, per=HOUR) for _ in sent):
            return [], [TOO_MANY]
        verified, refusals = [], []
        for file in sent[: files.MOST_FILES]:
            try:
                verified.append(files.verify(file))
            except files.Rejected as rejected:
                refusals.append(str(rejected))
        extra = [files.safe_name(file.name) for file in sent[files.MOST_FILES :]]
        return verified, [*refusals, *(TOO_MANY_AT_ONCE.format(name=name) for name in extra)]

    def _take_draft(self):
        """Whoever sends the same draft at the same moment waits: five files are five."""
        if self.draft:
            Draft.objects.select_for_update().get(pk=self.draft.pk)
            self.kept = self._joined_before()

    def _remove(self, keys):
        for upload in [upload for upload in self.kept if str(upload.key) in keys]:
            upload.delete()
            self.kept.remove(upload)

    def _join(self, verified):
        if any(files.holds(upload, verified) for upload in self.kept):
            return
        if len(self.kept) >= files.MOST_FILES:
            raise files.Rejected(TOO_MANY_AT_ONCE.format(name=verified.name))
        self.kept.append(files.keep(verified, draft=self.draft))
