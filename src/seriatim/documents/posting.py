"""Posting: the one path by which stock changes. Runs inside the transaction of a service."""

from dataclasses import replace

from seriatim.accounts.services import require
from seriatim.documents import bills, corrections, custom, feed, rest, serializing
from seriatim.documents.access import require_way
from seriatim.documents.allocating import lines_on_leaving, named_on_leaving
from seriatim.documents.feed_models import Happened
from seriatim.documents.generating import enter_right_serials, generate
from seriatim.documents.models import Document, Line
from seriatim.documents.numbers import give_number
from seriatim.documents.paper import Paper, serials_of
from seriatim.documents.planning import Plan, plan, routes_of
from seriatim.documents.scans import folding
from seriatim.documents.scans.progress import MOST_COUNTED, open_scans
from seriatim.documents.shares import share_costs
from seriatim.documents.transactions import undated
from seriatim.kernel import refusals
from seriatim.kernel.refusals import Case
from seriatim.kernel.states import Action, State, allowed
from seriatim.ledger import further
from seriatim.ledger import posting as ledger
from seriatim.ledger.plans import UnitPlan
from seriatim.ledger.survey import Survey, survey


def post_document(document: Document, paper: Paper, *, rest_to: str = "") -> None:
    """Do everything that the document says, and mark it as posted. Raises a Refusal or Conflict."""
    refuse_state(document, Action.POST)
    require(paper.user, paper.kind.right)
    if document.override_reason:
        require(paper.user, "override")
    _refuse_open(paper)
    rest.decide(paper, rest_to)
    is_undated = document.happened_at is None
    with undated(is_undated):
        if paper.kind.bills:
            bills.check(paper)
        elif paper.kind.corrects:
            enter_right_serials(paper)
            corrections.post(paper)
        else:
            _move(paper)
    give_number(document, site=paper.site, now=paper.now)
    if not paper.kind.bills:
        custom.keep(paper)
    folding.keep(paper.lines)
    document.state = State.POSTED
    document.posted_by, document.posted_at = paper.user, paper.now
    document.happened_at = paper.at
    document.save()
    feed.tell(document, Happened.POSTED)
    if paper.kind.bills:
        with undated(is_undated):
            bills.post(paper, post_document, confirm_document)
    rest.carry_on(paper, rest_to, _carry_on)
    for made in document.made.filter(state=State.DRAFT, kind=document.kind):
        # The second half of a transfer by way of transit: the goods are on their way now.
        confirm_document(made, Paper.read(made, user=paper.user))


def _move(paper: Paper) -> None:
    generate(paper, routes_of(paper))
    made = plan(paper)
    found = survey(made.posting.units)
    require_way(paper.user, made, found)
    allocation = named_on_leaving(paper, made.routes, found)
    if allocation is not None:
        post_document(allocation, Paper.read(allocation, user=paper.user))
        found = survey(made.posting.units)
    share_costs(made)
    if paper.kind.serializes:
        serializing.check(paper)
    ledger.post(made.posting, _again(found, made))
    _keep_what_was_implied(made)
    if paper.kind.serializes:
        serializing.switch(paper)


def _again(found: Survey, made: Plan) -> Survey:
    """The survey, with the plans as they are after costs were shared."""
    return replace(found, plans=made.posting.units)


def _keep_what_was_implied(made: Plan) -> None:
    """Write down where lines went that named no target: a posted paper says what happened."""
    changed = []
    for line in made.paper.lines:
        way = made.routes[line.id]
        if line.target_id != way.target.id:
            line.target_id = way.target.id
            changed.append(line)
    Line.objects.bulk_update(changed, ["target"], batch_size=500)


def confirm_document(document: Document, paper: Paper, *, is_rest: bool = False) -> None:
    """Draft → pending: give it its number, hold the units that are to go out, remember what is expected.

    ``is_rest``: it carries on what another one left. Its further numbers are not looked at yet: what has come is
    posted, whatever is wrong with what has not.
    """
    refuse_state(document, Action.CONFIRM)
    require(paper.user, paper.kind.right)
    if paper.kind.bills:
        raise refusals.WrongState(state=document.state, action=Action.CONFIRM, kind=document.kind)
    if not paper.kind.corrects:
        made = plan(paper, announced=True)
        with undated(document.happened_at is None):
            _judge_and_hold(paper, made, numbers=not is_rest)
    _refuse_open(paper)
    folding.forget([line for line in paper.lines if line.scanned is not None])
    folding.keep(paper.lines)
    for line in paper.lines:
        line.expected = line.quantity
        line.expected_serials = line.serials
    Line.objects.bulk_update(paper.lines, ["expected", "expected_serials"], batch_size=500)
    give_number(document, site=paper.site, now=paper.now)
    document.state = State.PENDING
    document.confirmed_by, document.confirmed_at = paper.user, paper.now
    document.save()


def _carry_on(document: Document, paper: Paper) -> None:
    confirm_document(document, paper, is_rest=True)


def _judge_and_hold(paper: Paper, made: Plan, *, numbers: bool) -> None:
    """Refuse what posting would refuse of further numbers, together with what cannot be held; hold the rest."""
    refused = further.wrong([row for one in made.posting.units for row in one.identifiers]) if numbers else []
    try:
        _hold(paper, made)
    except refusals.Refusal as refusal:
        refused.insert(0, refusal)
    if refused:
        raise refusals.first_of(refused)


def _hold(paper: Paper, made: Plan) -> None:
    """Hold what goes out. New serials that are named against waiting goods are no units yet."""
    held = [one for one in made.posting.units if any(leg.reserves for leg in made.routes[one.line].legs)]
    found = survey(held)
    require_way(paper.user, made, found)
    on_leaving = lines_on_leaving(paper, made.routes, found)
    if on_leaving:
        later = {(line.item_id, serial) for line in on_leaving for serial in serials_of(line)}
        held = [_without(one, later) for one in held]
    ledger.reserve([one for one in held if one.keys], document=paper.document.id)


def _without(one: UnitPlan, later: set[tuple[int, str]]) -> UnitPlan:
    kept = [
        (key, serial)
        for key, serial in zip(one.keys, one.serials, strict=True)
        if (one.item, serial) not in later
    ]
    return replace(one, keys=[key for key, _ in kept], serials=[serial for _, serial in kept])


def _refuse_open(paper: Paper) -> None:
    """Nothing is decided while scans wait for an answer."""
    if all(line.scanned is None for line in paper.lines):
        return
    waiting = open_scans(paper.document).order_by("id")[:MOST_COUNTED]
    cases = [Case(serial=row.serial, document=paper.document.number or "") for row in waiting]
    if cases:
        raise refusals.ScansOpen(cases)


def refuse_state(document: Document, action: Action) -> None:
    """Raise WrongState unless the document's state allows the action."""
    if not allowed(action, document.state):
        raise refusals.WrongState(state=document.state, action=action, number=document.number or "")
