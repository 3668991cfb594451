"""One entry, as a page and in a list's drawer: what happened, what to do, every attempt."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from exceptions_dashboard import filters, live
from exceptions_dashboard.attempts import timeline
from exceptions_dashboard.places import document_url, entry_url, fix
from exceptions_dashboard.rows import NO_REASON, RETRYABLE, SKIPPABLE, plain_sentence, reason_of
from rivet.tenants.access import TenantRequest, tenant_page
from rivet.tenants.roles import Ability
from sync import outbox, runs, succession
from sync.catalogue import exhibit
from sync.models import OutboxEntry, SyncIssue
from sync.queries import entry as queries
from sync.queries import log
from sync.queries.exceptions import sentence
from sync.states import LIVE, LOOKS, Shown, State, shown

#: The catalogue's code for a record that no longer stands in the books.
GONE = "REF-05"


@require_GET
@tenant_page()
def detail(request: TenantRequest, entry: UUID) -> HttpResponse:
    return _answer(request, entry)


def opened(request: TenantRequest) -> str:
    """What stands in a list's drawer: the entry that the list's address names, nothing where it names none."""
    named = "" if request.htmx else filters.public_id(request.GET, "open")
    story = queries.story(named) if named else None
    return render_to_string("exceptions/detail.html#live", _context(request, story), request=request) if story else ""


def after_act(request: TenantRequest, entry: OutboxEntry) -> HttpResponse:
    """The entry as it is now: as a fragment for htmx, else by its own address."""
    return _answer(request, entry.public_id) if request.htmx else redirect(entry_url(request.tenant.slug, entry))


def _answer(request: TenantRequest, public_id: UUID) -> HttpResponse:
    story = queries.story(str(public_id))
    if story is None:
        raise Http404
    context = _context(request, story)
    return live.answer(request, "exceptions/detail.html", context, partial="live", seen=context["seen"])


def _context(request: TenantRequest, story: queries.Story) -> dict[str, Any]:
    row, lines = story.entry, log.of_entry(story.entry.pk)
    return {
        **_said(story, request.tenant.slug),
        **_possible(row, may=request.may(Ability.KEEP_BOOKS)),
        "post_again": _post_again_label(story) if request.may(Ability.KEEP_BOOKS) else "",
        "story": story,
        "timeline": timeline(story.tries),
        "entry": row,
        "entry_url": entry_url(request.tenant.slug, row),
        "blockers": [(blocker, entry_url(request.tenant.slug, blocker)) for blocker in story.blockers],
        "document_url": document_url(request.tenant.slug, row),
        "lines": [(line, LOOKS[Shown(line.status)] if line.status in set(Shown) else None) for line in lines],
        "seen": live.fingerprint(
            row.state, row.fence, row.tries, row.looks, len(lines), len(story.tries), row.has_warning
        ),
    }


def _said(story: queries.Story, slug: str) -> dict[str, Any]:
    """What happened and what to do, in the catalogue's words where something is wrong."""
    row, issue = story.entry, story.issue
    kind = exhibit(issue.code) if issue else None
    plain = plain_sentence(row, shown(State(row.state), tries=row.tries))
    return {
        "sentence": sentence(issue.code, issue.facts) if issue else plain,
        "kind": kind,
        "fix": fix(slug, kind, connection=row.connection, entry=row) if kind else None,
        "warnings": [_warned(warning, row, slug) for warning in story.warnings],
    }


def _warned(warning: SyncIssue, row: OutboxEntry, slug: str) -> dict[str, Any]:
    kind = exhibit(warning.code)
    return {
        "sentence": sentence(warning.code, warning.facts),
        "remedy": kind.remedy,
        "fix": fix(slug, kind, connection=row.connection, entry=row),
    }


def _possible(row: OutboxEntry, *, may: bool) -> dict[str, Any]:
    """The entry's state, and which of the acts on it make sense for this person now."""
    state = shown(State(row.state), tries=row.tries)
    return {
        "look": LOOKS[state],
        "chip_detail": f"try {row.tries + 1}" if state is Shown.RETRYING else "",
        "next_at": row.due_at if state in {Shown.RETRYING, Shown.UNCONFIRMED} else None,
        "may_retry": may and state in RETRYABLE,
        "may_skip": may and state in SKIPPABLE,
        "is_live": row.state in LIVE,
    }


def _post_again_label(story: queries.Story) -> str:
    """Where the catalogue says the record is gone, or a person skipped it; anywhere else it would make a second one."""
    if story.issue is not None and story.issue.code == GONE and succession.may_go_as_new(story.entry):
        return "Post again as new"
    return "Post it after all" if succession.may_go_after_all(story.entry) else ""


@require_POST
@tenant_page(Ability.KEEP_BOOKS)
def post_again(request: TenantRequest, entry: UUID) -> HttpResponse:
    """Post a record that was deleted in the books as a new one, or one that was skipped after all."""
    story = queries.story(str(entry))
    if story is None:
        raise Http404
    if not _post_again_label(story):
        messages.warning(request, f"{story.entry.label} has changed since this page was made; nothing was done.")
        return redirect(entry_url(request.tenant.slug, story.entry))
    made = outbox.post_again(story.entry, actor=request.user)
    messages.success(request, f"{made.label} is queued to be posted.")
    return redirect(entry_url(request.tenant.slug, made))


@require_POST
@tenant_page(Ability.KEEP_BOOKS)
def skip(request: TenantRequest, entry: UUID) -> HttpResponse:
    """Decide not to post it, with a reason that stays on the record."""
    chosen = get_object_or_404(OutboxEntry.objects.select_related("connection"), public_id=entry)
    reason = reason_of(request)
    if not reason:
        messages.error(request, NO_REASON)
    elif runs.skip(chosen, actor=request.user, reason=reason):
        messages.success(request, f"{chosen.label} will not be posted.")
    else:
        messages.warning(request, f"{chosen.label} has changed since this page was made; nothing was done.")
    return after_act(request, chosen)
