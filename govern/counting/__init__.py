"""Counting: every vote recounted from a file alone, exactly, without a database and without the rest of Govern.

Words used here. An *elector* is a member or a seat that may vote; its *weight* is its number of votes. *Heads* counts
electors, *weight* adds their weights. The *base* is what a threshold is a share of. An *option* is what ranked,
approval and score ballots speak about. A *tie* is settled by the method's own rule or by the published *tie order*
(the lot), and is otherwise shown as open: never by chance.

All arithmetic is in integers and fractions. A file that cannot be trusted is refused with a `CountingError`, which
names every fault found. The formats and results are those of the public command `govern count`; `command.run` is that
command without its wiring.
"""
