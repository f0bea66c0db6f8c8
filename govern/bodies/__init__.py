"""Organs of the cluster: the assembly, the board, committees, panels.

Words: a *body* is an organ; a *seat* is a numbered place in it that may belong to a member, to a college, or to nobody
(an independent). Who holds a seat is an appointment (accounts). Members vote in the assembly, voting seats in every
other body; a seat that does not vote (a secretary) is still a seat.
Everybody signed in reads the bodies; the secretariat adds bodies and seats.
"""
