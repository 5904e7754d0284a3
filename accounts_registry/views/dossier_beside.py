"""Beside a dossier: accounts like the one that is asked for, and what changed between two submissions."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from accounts_registry.actions import export_dossier
from accounts_registry.enums import FileKind
from accounts_registry.forms import DossierFileForm
from accounts_registry.models import JustificationDossier
from accounts_registry.queries import visible_dossiers
from accounts_registry.queries.evidence import changes_between
from accounts_registry.queries.similar import Sketch, similar, sketch_of
from organisation import policy
from organisation.enums import Permission
from organisation.forms import PersonRequest


@login_required
@require_GET
def dossier_similar(request: PersonRequest) -> HttpResponse:
    """The part of a dossier's form that follows what is typed; with `dossier`, what it says already counts too."""
    policy.require_anywhere(request.user, Permission.DOSSIER_WRITE)
    known = Sketch()
    if number := _number(request.GET.get("dossier", "")):
        known = sketch_of(get_object_or_404(visible_dossiers(request.user), pk=number))
    found = similar(request.user, _typed(request.GET, known))
    return render(request, "accounts_registry/_similar.html", {"similar": found})


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def _typed(sent: QueryDict, known: Sketch) -> Sketch:
    """What the form says; of what it does not ask, what is known."""

    def said(name: str) -> str:
        return str(sent.get(name, getattr(known, name)))[:150].replace("\0", "")

    return Sketch(
        unit=_number(sent.get("unit", "")) or known.unit,
        platform=said("platform"),
        account_kind=said("account_kind"),
        proposed_handle=said("proposed_handle"),
        languages=frozenset(sent.getlist("languages")) or known.languages,
        audiences=frozenset(sent.getlist("audiences")) or known.audiences,
    )


@login_required
@require_GET
def dossier_changes(request: PersonRequest, pk: int, submission: int) -> HttpResponse:
    """What this submission says otherwise than the one before."""
    dossier: JustificationDossier = get_object_or_404(visible_dossiers(request.user), pk=pk)
    versions = list(
        dossier.versions.filter(round__lte=submission).select_related("submitted_by").order_by("-round")[:2]
    )
    if len(versions) < 2 or versions[0].round != submission:
        raise Http404
    later, earlier = versions
    facts = {"dossier": dossier, "changes": changes_between(earlier, later), "earlier": earlier, "later": later}
    return render(request, "accounts_registry/dossier_changes.html", facts)


@login_required
@require_POST
def dossier_file(request: PersonRequest, pk: int) -> HttpResponse:
    """The dossier to take along, in one of the languages of its unit. A POST: that it left is an event."""
    dossier: JustificationDossier = get_object_or_404(visible_dossiers(request.user), pk=pk)
    form = DossierFileForm(request.POST, dossier=dossier)
    if not form.is_valid():
        raise BadRequest("no kind of file, or no language, that this dossier comes in")
    kind = FileKind(form.cleaned_data["kind"])
    made = export_dossier(dossier=dossier, by=request.user, kind=kind, language=form.cleaned_data["language"])
    answer = HttpResponse(made, content_type=kind.content_type)
    answer["Content-Disposition"] = f'attachment; filename="dossier-{dossier.pk}.{kind}"'
    return answer
