"""Jobs: work that is done after a request, by ``govern work`` or beside the demo server.

A job is queued in the transaction that causes it and runs exactly once per key: its effect and its being done are
stored in one transaction. A worker claims a job for some minutes (a *lease*); the job of a worker that died comes back
when the lease ends. A job that fails is tried again, later each time, and given up after a number of tries.
"""
