"""What is done to people, appointments and ways to sign in."""

from govern.accounts.actions.guards import Candidate, check_code, check_password, count_attempt
from govern.accounts.actions.people import (
    accept_invitation,
    add_user,
    appoint,
    end_appointment,
    invite,
    renew_invitation,
)
from govern.accounts.actions.sessions import (
    INVITATION,
    LINK_JOB,
    SIGN_IN,
    ask_for_link,
    end_session,
    end_sessions,
    forget_expired,
    mail_sign_in_link,
    open_session,
    switch_hat,
    use_link,
)
from govern.accounts.actions.ways_in import (
    change_password,
    renew_recovery_codes,
    save_profile,
    set_password,
    start_second_step,
    stop_second_step,
)

__all__ = [
    "INVITATION",
    "LINK_JOB",
    "SIGN_IN",
    "Candidate",
    "accept_invitation",
    "add_user",
    "appoint",
    "ask_for_link",
    "change_password",
    "check_code",
    "check_password",
    "count_attempt",
    "end_appointment",
    "end_session",
    "end_sessions",
    "forget_expired",
    "invite",
    "mail_sign_in_link",
    "open_session",
    "renew_invitation",
    "renew_recovery_codes",
    "save_profile",
    "set_password",
    "start_second_step",
    "stop_second_step",
    "switch_hat",
    "use_link",
]
