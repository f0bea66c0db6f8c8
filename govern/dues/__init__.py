"""Dues: what every member owes for a year and why, what was paid, and what follows for its vote.

Words: a *tariff* is the dues scale from a fiscal year on (fixed part + units x price, cap, relief), with the *bands*
that turn yearly dues into votes. Opening a year makes one *assessment* per member. An *invoice* asks for it in one or
more *instalments*; numbers are gapless per calendar year, a cancelled invoice is answered by a *credit note*.
*Payments* settle what is due oldest first; that allocation, the balance, the days overdue and *standing* are derived
from the facts on any day, never stored.

Invoice states, derived: open -> part paid -> paid, or overdue; cancelled. Standing: good, or the vote is suspended
after more days overdue than the tariff allows (90 unless it says otherwise).

The secretariat writes; treasurer and auditors read everything; a member's own people read its own dues and nobody
else's.
"""
