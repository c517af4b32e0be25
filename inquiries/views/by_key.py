"""Pages opened by the key of a draft: what they have in common."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from inquiries import held
from inquiries.models import Draft


def private(view):
    """Public, never kept, and its address told to nobody: not even to our own pages, which the journal of a proxy would
    write. « no-referrer » would also take the origin of the forms away, by which they are known to be ours."""

    @login_not_required
    @never_cache
    @wraps(view)
    def told_to_nobody(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "strict-origin"
        return response

    return told_to_nobody


def with_draft(view):
    """Open the draft whose key is in the address; one that was sent leads to its number."""

    @wraps(view)
    def opened(request, draft_key):
        draft = Draft.objects.filter(key=draft_key).first()
        if draft and draft.inquiry_id:
            return redirect("inquiries:asked", draft.key)
        if draft is None or not draft.is_open:
            typed = [request.POST[name] for name in ("subject", "text") if request.POST.get(name)]
            return render(request, "inquiries/draft_unknown.html", {"typed": typed}, status=404)
        if not held.holds(request, draft) and (request.method == "POST" or not held.holds_another(request, draft)):
            held.hold(request, draft)
        return view(request, draft)

    return opened


def with_inquiry(view):
    """Open the question that a draft became; one that was not sent yet leads to its form."""

    @wraps(view)
    def opened(request, draft_key):
        draft = (
            Draft.objects.filter(key=draft_key).select_related("inquiry__collectivity", "inquiry__experience").first()
        )
        if draft is None:
            return render(request, "inquiries/draft_unknown.html", {"typed": []}, status=404)
        if draft.inquiry is None:
            return redirect(draft)
        return view(request, draft, draft.inquiry)

    return opened


def posted(request):
    """What was sent, be it nothing; None when nothing was sent."""
    return request.POST if request.method == "POST" else None


def page(request, template, form, **context):
    status = 429 if getattr(form, "too_many", False) else 200
    return render(request, template, {"form": form, **context}, status=status)
