"""Sign-in and account pages."""

from flask import Blueprint

from govern.accounts.queries import load_signed_in
from govern.extensions import login_manager

bp = Blueprint("accounts", __name__)
# The people of the cluster are a place of their own in the navigation; the own account is not part of it.
people_bp = Blueprint("people", __name__)
login_manager.user_loader(load_signed_in)

from govern.accounts.routes import account, people, second_step, sign_in  # noqa: E402, F401 - the views need ``bp``
