"""The cluster itself: name, legal form, zone, currency, public holidays, departments, number series.

Words: a *department* is a public body whose liaison reviews decisions; a *series* yields gapless numbers per calendar
year (invoices, decisions), drawn under lock inside the transaction that uses them.
Only the secretariat changes the profile; everybody signed in reads it.
"""
