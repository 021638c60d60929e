"""Label templates: the list, one to look at or to arrange with a preview that follows, and their pictures."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seriatim.accounts.services import may
from seriatim.kernel.refusals import Invalid, Refusal
from seriatim.labels import selectors, services
from seriatim.labels.fields import Subject
from seriatim.labels.fonts import packaged
from seriatim.labels.layout import LabelProblem, example, lay_out
from seriatim.labels.making import Order, surroundings
from seriatim.labels.pictures import label_png
from seriatim.labels.preview import preview
from seriatim.labels.templates import Align, CodeType, Content, Fit, Font, Template, read_template
from seriatim.web.label_forms import MEASURES, ElementRow, TemplateForm, medium_choices
from seriatim.web.missing import or_404
from seriatim.web.views.rights import person, takes
from seriatim.words import label_names
from seriatim.words.telling import Told, told

#: Dots of the small pictures in lists.
_PICTURE_DPI = 203
_DAY_S = 86_400
#: Print jobs on one page.
_JOBS = 20


@require_safe
@takes("look")
def labels(request: HttpRequest) -> HttpResponse:
    """All templates, and what was printed last."""
    user = person(request)
    before = request.GET.get("before", "")
    # One more than stands there tells whether there is another page; a number of any length is still one.
    jobs = selectors.jobs(
        limit=_JOBS + 1, before=int(before) if before.isdecimal() and len(before) < 19 else None
    )
    return render(
        request,
        "web/labels/list.html",
        {
            "own": [row for row in selectors.templates(archived=True) if row.own],
            "ready": [row for row in selectors.templates() if not row.own],
            "jobs": jobs[:_JOBS],
            "older": jobs[_JOBS - 1].pk if len(jobs) > _JOBS else None,
            "back_to_newest": before,
            "may_edit": may(user, "catalog"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@takes("catalog")
def label_new(request: HttpRequest) -> HttpResponse:
    """A new template, begun from another one (``from``) or from nothing."""
    if request.method != "POST":
        form = TemplateForm()
        if code := request.GET.get("from", ""):
            form = TemplateForm.of(or_404(lambda: selectors.template(code)))
            form.code, form.name = "", ""
        else:
            form.add("code")
            form.add("text")
        return _arranging(request, form)
    form = TemplateForm.read(request.POST)
    if request.POST.get("do") != "save":
        return _arranged(request, form)
    try:
        row = services.create_template(user=person(request), code=form.code, name=form.name, body=form.body())
    except Refusal as refusal:
        return _arranging(request, form, refusal=refusal)
    messages.success(request, _("{name} is stored.").format(name=row.name), extra_tags="tag")
    return redirect("label", row.code)


@require_http_methods(["GET", "HEAD", "POST"])
@takes("look")
def label(request: HttpRequest, code: str) -> HttpResponse:
    """One template: to be arranged if it is the site's own, else to look at and to copy."""
    user = person(request)
    template = or_404(lambda: selectors.template(code))
    own = next(
        (row for row in selectors.templates(archived=True) if row.own and row.code == template.code), None
    )
    if own is None or not may(user, "catalog"):
        if request.method == "POST":
            raise Http404
        return render(
            request,
            "web/labels/show.html",
            {"template": template, "own": own, "may_edit": may(user, "catalog"), **_preview(template)},
        )
    if request.method != "POST":
        return _arranging(request, TemplateForm.of(template), own=own)
    form = TemplateForm.read(request.POST)
    form.code = template.code
    done = request.POST.get("do", "")
    row = selectors.own_template(template.code)
    if done in {"archive", "back"}:
        services.archive_template(user=user, template=row, archived=done == "archive")
        said = _("{name} is archived.") if done == "archive" else _("{name} is back in use.")
        messages.success(request, said.format(name=row.name), extra_tags="archive")
        return redirect("labels")
    if done != "save":
        return _arranged(request, form, own=own)
    try:
        services.change_template(user=user, template=row, name=form.name, body=form.body())
    except Refusal as refusal:
        return _arranging(request, form, own=own, refusal=refusal)
    messages.success(request, _("{name} is stored.").format(name=form.name), extra_tags="tag")
    return redirect("label", template.code)


@require_POST
@takes("catalog")
def label_preview(request: HttpRequest) -> HttpResponse:
    """The picture alone, of what stands in the form now."""
    return render(request, "web/labels/preview.html", _preview_of(TemplateForm.read(request.POST)))


@require_safe
@takes("look")
def label_picture(request: HttpRequest, code: str) -> HttpResponse:
    """A template's picture for lists, with example values."""
    template = or_404(lambda: selectors.template(code))
    around = surroundings(Order(dpi=_PICTURE_DPI))
    # An example has an address, whether the site has its own yet or not.
    around = replace(around, address=around.address or "https://stock.example")
    try:
        shapes = lay_out(template, _example(template), around)
    except LabelProblem:
        shapes = []
    picture = label_png(template, shapes, around.faces, dpi=_PICTURE_DPI)
    return HttpResponse(picture, content_type="image/png")


@require_safe
@takes("look")
@cache_control(private=True, max_age=_DAY_S)
def label_font(request: HttpRequest, font: str) -> HttpResponseBase:
    """A face that labels are set in, so that the preview is set in it too."""
    if font not in set(Font):
        raise Http404
    return FileResponse(packaged(Font(font)).path.open("rb"), content_type="font/ttf")


def _arranged(request: HttpRequest, form: TemplateForm, **more: Any) -> HttpResponse:
    """The form again, after a button of its own: an element more, one less, or a look at it."""
    sort, _between, number = request.POST.get("do", "").partition("-")
    if sort == "add" and number in {"text", "code", "rule", "frame"}:
        form.add(number)
    elif sort == "remove" and number.isdecimal() and int(number) < len(form.elements):
        del form.elements[int(number)]
    return _arranging(request, form, **more)


def _arranging(
    request: HttpRequest, form: TemplateForm, *, own: Any = None, refusal: Refusal | None = None
) -> HttpResponse:
    said: list[Told] = []
    if refusal is not None:
        said = _beside(form.elements, refusal)
    subject = form.subject if form.subject in set(Subject) else Subject.UNIT.value
    return render(
        request,
        "web/labels/arrange.html",
        {
            "form": form,
            "own": own,
            "told": said,
            "measures": MEASURES,
            "media": list(medium_choices()),
            "choices": {
                "subject": _choices(Subject, label_names.SUBJECTS),
                "type": _choices(CodeType, label_names.CODE_TYPES),
                "content": _choices(Content, label_names.CONTENTS),
                "font": _choices(Font, label_names.FONTS),
                "align": _choices(Align, label_names.ALIGNS),
                "fit": _choices(Fit, label_names.FITS),
            },
            "fields": selectors.fields_of(Subject(subject)),
            "address": reverse("label", args=[form.code]) if own else reverse("label_new"),
            **_preview_of(form),
        },
        status=422 if refusal is not None else 200,
    )


def _choices(kind: Any, words: Any) -> list[tuple[str, Any]]:
    return [(one.value, words[one.value]) for one in kind]


def _beside(rows: list[ElementRow], refusal: Refusal) -> list[Told]:
    """Put what is wrong with an element beside it; the rest is told on top."""
    words = told(refusal)
    line = refusal.cases[0].line if refusal.cases else 0
    if 0 < line <= len(rows):
        rows[line - 1].wrong = words.headline
        return []
    return [words]


def _preview_of(form: TemplateForm) -> dict[str, Any]:
    """What the form's label looks like, or what keeps it from being drawn."""
    try:
        template = read_template("preview", form.name or "preview", form.body())
    except Invalid as refusal:
        return {"picture": "", "problems": [(refusal.cases[0].line if refusal.cases else 0, told(refusal))]}
    return _preview(template)


def _preview(template: Template) -> dict[str, Any]:
    made = preview(template, _example(template), surroundings(Order()))
    return {
        # Every text in it was escaped when it was drawn.
        "picture": mark_safe(made.svg),  # noqa: S308
        "problems": [(number, told(refusal)) for number, refusal in made.problems],
        "template": template,
    }


def _example(template: Template) -> dict[str, str]:
    return selectors.fields_of(template.subject) | example(template.subject)


urlpatterns = [
    path("labels/", labels, name="labels"),
    path("labels/new", label_new, name="label_new"),
    path("labels/preview", label_preview, name="label_preview"),
    path("labels/templates/<path:code>", label, name="label"),
    path("labels/pictures/<path:code>", label_picture, name="label_picture"),
    path("labels/fonts/<str:font>", label_font, name="label_font"),
]
