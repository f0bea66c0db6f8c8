"""Doors of the accounts."""

EVERYBODY = {
    "delegate",
    "alternate",
    "dues_contact",
    "seat",
    "chair",
    "secretariat",
    "treasurer",
    "auditor",
    "liaison",
    "observer",
}
# The delegates of the story administer the people of their organisation.
INVITERS = {"delegate", "secretariat"}
DOOR = ("public: the door itself", None)
TABLE = {
    "accounts.sign_in": DOOR,
    "accounts.sign_in_create": DOOR,
    "accounts.link_create": ("public: somebody who cannot sign in yet", None),
    "accounts.link_sent": ("public: somebody who cannot sign in yet", None),
    "accounts.link": ("public: a link from a mail; looking at it changes nothing", None),
    "accounts.link_use": ("public: a link from a mail", None),
    "accounts.second_step": ("public: somebody half-way in", None),
    "accounts.second_step_create": ("public: somebody half-way in", None),
    "accounts.sign_out": ("public: ends the session of whoever asks, if there is one", None),
    "accounts.demo_sign_in": ("public: the demonstration, on this machine only; refused everywhere else", None),
    "accounts.account": ("is_signed_in", EVERYBODY),
    "accounts.account_update": ("is_signed_in", EVERYBODY),
    "accounts.switch_hat": ("is_signed_in", EVERYBODY),
    "accounts.password": ("is_signed_in", EVERYBODY),
    "accounts.password_update": ("is_signed_in", EVERYBODY),
    "accounts.session_end": ("is_signed_in", EVERYBODY),
    "accounts.second_step_start": ("is_signed_in", EVERYBODY),
    "accounts.second_step_new": ("is_signed_in", EVERYBODY),
    "accounts.second_step_qr": ("is_signed_in", EVERYBODY),
    "accounts.second_step_save": ("is_signed_in", EVERYBODY),
    "accounts.second_step_edit": ("is_signed_in", EVERYBODY),
    "accounts.second_step_codes": ("is_signed_in", EVERYBODY),
    "accounts.second_step_stop": ("is_signed_in", EVERYBODY),
    "people.index": ("may_invite", INVITERS),
    "people.new": ("may_invite", INVITERS),
    "people.create": ("may_invite", INVITERS),
    "people.end": ("may_end_appointment", {"secretariat"}),
    "people.end_create": ("may_end_appointment", {"secretariat"}),
    "accounts.invitation": ("public: somebody invited, holding the link from the mail; looking changes nothing", None),
    "accounts.invitation_accept": ("public: somebody invited, holding the link from the mail", None),
}
