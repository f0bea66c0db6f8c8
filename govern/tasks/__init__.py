"""Tasks: what was agreed, who owes it, by which day.

Words: the *owner* is a member organisation, or the secretariat where no member is named; the *source* is what the task
came from (an agenda item, a decision, a review); *overdue* is derived from the due day and never stored.
States: open -> accepted -> done; declined (with a reason) and cancelled are answers as well; the table of moves is
rules.TRANSITIONS.
Who: everybody inside the cluster reads; delegates, alternates and administrators of the owner answer for it; the
secretariat assigns, reassigns, cancels, and may report a task as done.
"""
