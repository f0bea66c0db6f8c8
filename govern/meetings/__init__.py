"""Meetings of the bodies, and the minutes that are kept of them.

Words: the *agenda* is a list of numbered *items*, each with what it is for; it is fixed when the meeting is *called*
and the notice goes to the *participants* (delegates of the members for the assembly, holders of the seats elsewhere).
A decision item embeds its vote, so a result is never retyped. The *minutes* are one text per item beside the
attendance.
States of a meeting follow from its dates and acts: prepared > called > held, or cancelled. Minutes: draft > circulated
(ten days for *corrections*; silence is consent) > approved; then nothing changes them, and their hash proves it.
Who: the secretariat writes and answers corrections; people of the body read, and ask for corrections; the chair or the
secretariat approves. Drafts are read by the secretariat and the chair alone.
"""
