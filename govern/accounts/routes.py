"""Sign-in and account pages."""

from flask import Blueprint

from govern.accounts.queries import load_signed_in
from govern.extensions import login_manager

bp = Blueprint("accounts", __name__)
login_manager.user_loader(load_signed_in)
