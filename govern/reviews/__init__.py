"""Reviews: a department's clock over what a decision does with its money or its licences.

Words: a *review* belongs to one department and one subject of an adopted decision; its *clock* runs a number of
calendar days and ends at 24:00 in the cluster's zone; a written question *pauses* it until the reply; silence until the
end is *deemed* no objection; an *objection* names a ground of the closed list and freezes its own subject only; a
reaction after the end is kept as *late, without effect*.
States, derived from the stored acts and the clock: running <> paused > no objection | deemed | objected.
Who: the liaison acts for its own department and reads the rest; the secretariat answers questions; members, seats and
officers read. Models: the French rules quoted in the domain notes (15 days, a question suspends, silence approves).
"""
