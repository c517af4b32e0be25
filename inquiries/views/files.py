"""A file of a thread or of a draft, handed to be kept elsewhere, never shown in a page of ours."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.permissions import Right, has_right
from inquiries import formats, held
from inquiries.files import path_of
from inquiries.models import ASKER_READS, Inquiry, Upload

log = logging.getLogger("portal.files")


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def file(request, key):
    upload = get_object_or_404(Upload.objects.select_related("message", "draft"), key=key)
    if not may_read(request, upload):
        raise Http404
    try:
        content = path_of(upload.key).open("rb")
    except FileNotFoundError:
        log.exception("A file is missing from the disk")
        raise Http404 from None
    answer = FileResponse(
        content, as_attachment=True, filename=upload.name, content_type=formats.CONTENT_TYPES[upload.kind]
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def may_read(request, upload):
    """Who reads the message, or holds the draft; a file that waits for its form is nobody's."""
    if upload.message:
        is_visible = Inquiry.objects.visible_to(request.user).filter(pk=upload.message.inquiry_id).exists()
        is_adviser = has_right(request.user, Right.ANSWER)
        return is_visible and (is_adviser or upload.message.kind in ASKER_READS)
    return upload.draft is not None and held.holds(request, upload.draft)
