"""Motions, votes and decisions.

Words: a *motion* is a proposed decision with what it touches (*subjects*: budget lines, standards, admissions). A *rule
profile* is a by-law as data; profiles are adopted in versions and never edited. A *vote* puts one motion to one body.
Opening it freezes rule, text and *roll*: one *elector* per member (assembly) or per seat (other bodies), with standing
and number of votes on the record date; those without a vote stand on the roll too, with the reason and the way out.
A *recused* elector is counted nowhere and sees no papers. A *ballot* is named and may be replaced until closing.

States of a vote, derived from stored acts and the clock: prepared > open > closed > declared, or withdrawn. No figure
by answer leaves the area before closing. Declaring draws the *decision's* gapless number of the year and tells other
areas. The secretariat drafts, opens and withdraws; the secretariat or a chair declares, otherwise the clock does;
delegates, alternates and holders of voting seats cast.
"""
