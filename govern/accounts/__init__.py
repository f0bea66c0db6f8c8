"""Accounts: people, what they may act as, and how they prove who they are.

A *person* (user) has no rights. An *appointment* lets a person act as something (delegate of a member, holder of a
seat, staff, office, liaison of a department) from day to day and by a document; ended, it gives nothing from the same
instant on. All appointments to the same thing are one *hat*; a session wears exactly one hat at a time.

Ways in: password (argon2id), a link sent by e-mail (used once, by POST), and for those who set it up a *second step*
(a time-based code or a recovery code). Every sign-in makes a new *session*; the cookie holds a random token, the table
its hash. Attempts are counted in transactions of their own, so that a refused request still counts.

The secretariat invites everybody, a member's administrator invites people of the own member.
"""
