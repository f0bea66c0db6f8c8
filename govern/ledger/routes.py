"""URLs of the books: trial balance, an account, an entry. Reading only; other areas write."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from govern.cluster.queries import get_cluster
from govern.kernel import clock
from govern.ledger import queries, rules
from govern.ledger.models import Account, Entry, Leg
from govern.ledger.rules import AccountKind
from govern.web.access import allow
from govern.web.pages import page
from govern.web.paging import cut, keyset

bp = Blueprint("ledger", __name__, url_prefix="/ledger")

KINDS = {
    AccountKind.ASSET: _l("Asset"),
    AccountKind.LIABILITY: _l("Liability"),
    AccountKind.INCOME: _l("Income"),
    AccountKind.EXPENSE: _l("Expense"),
    AccountKind.EQUITY: _l("Equity"),
}


@bp.get("/")
@allow(rules.may_read_books)
def index() -> Response:
    """The trial balance of today."""
    today = clock.today(get_cluster().zone)
    return page("ledger/index.html", balances=queries.trial_balance(), kinds=KINDS, today=today)


@bp.get("/accounts/<string:account_id>")
@allow(rules.may_read_books, account=queries.get_account)
def account(account: Account) -> Response:
    """What was booked on an account, newest first."""
    statement, backwards = keyset(queries.select_legs(account), Leg.id)
    found = cut(queries.run(statement), backwards=backwards)
    return page("ledger/account.html", fragment="list", account=account, found=found)


@bp.get("/entries/<int:entry_id>")
@allow(rules.may_read_books, entry=queries.get_entry)
def show(entry: Entry) -> Response:
    """Both sides of an entry, and what reverses it."""
    return page(
        "ledger/show.html",
        entry=entry,
        legs=queries.list_legs(entry),
        reversed_by=queries.find_reversal(entry),
    )
