"""Double-entry books of the cluster.

Words: an *account* of the chart; an *entry* is a booking; a *leg* is one side of it (debit positive, credit negative,
integer minor units of one currency). An entry is written with its legs and then *posted*; the database itself lets it
become posted only when it has at least two legs whose sum is 0 in every currency, and refuses every change, deletion or
addition afterwards. A mistake is answered by a reversing entry. Balances are derived from the legs, never stored.

Written by other areas only (dues); read by the secretariat, the treasurer and the auditors.
"""
