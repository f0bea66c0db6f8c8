"""The texts put to the vote, and the budget they speak of."""

import re
from typing import NamedTuple


class Line(NamedTuple):
    """A budget line: shares in major units."""

    title: str
    own: int
    tourism: int
    health: int


def _flow(text: str) -> str:
    """The text without the line breaks of this file: paragraphs and numbered points keep their own."""
    return re.sub(r"(?<!\n)\n(?!\n|\d)", " ", text)


LINES = {
    "L1": Line("Secretariat, office, external audit", 38000, 0, 0),
    "L2": Line("International campaign 'Heal by the sea'", 18000, 18000, 0),
    "L3": Line("Hosted-buyer visits and trade fairs", 12000, 12000, 0),
    "L4": Line("Multilingual patient information", 5000, 5000, 0),
    "L5": Line("Care standard: peer visits and training", 8000, 0, 14000),
    "L6": Line("Aftercare network: 24/7 line, hand-over record, nurse training", 6000, 8000, 10000),
    "L7": Line("Conduct panel, complaints, mediation", 4000, 0, 4000),
    "L8": Line("Contingency", 2000, 0, 0),
}

BUDGET = _flow(
    """The general assembly adopts the budget {year}, version 2: eight lines, EUR 164,000 in all. The members carry
EUR 93,000 of it, the Department of Tourism EUR 43,000 and the Department of Health EUR 28,000.

1. Co-funded lines are executable once the department that funds them has not objected.
2. Line L8 may be used by the board for unforeseen cost up to EUR 2,000 in all.
3. The secretariat reports spending by line every quarter."""
)

LINE_3 = _flow(
    """The general assembly replaces line L3 of the budget as follows:

1. Hosted-buyer visits and trade fairs are awarded by an open call published on the cluster's page for 21 days.
2. Every member and every operator licensed in Calandria may answer it.
3. The amount stays at EUR 24,000, half of it from the Department of Tourism."""
)

CARE_STANDARD = _flow(
    """The general assembly adopts the Care Standard, version 1.0.
It binds hospitals, clinics and professionals.

1. A valid facility licence is shown at the entrance and online with its number (C-01).
2. Every treating professional is registered; the register is checked every year (C-02).
3. Consent is given in writing, in a language the patient reads (C-03).
4. The patient has a written, itemised estimate before travelling; each member sets its own prices (C-04).
5. Sterilisation and infection are logged and checked every quarter (C-05).
6. The surgical safety checklist is used for procedures of class 2 and 3 (C-06).
7. Liability cover is at least EUR 100,000 a year, for hospitals EUR 200,000 (C-07).
8. The discharge summary is handed over within 24 hours in the patient's language (C-08).
9. A pathway and a contact for complications stay open for 30 days after return (C-09).
10. Outcomes are reported to the university once a year in aggregated form (C-10)."""
)

ASSOCIATE_CLASS = _flow(
    """Article 4 of the statutes is completed by a paragraph 5:

5. Organisations younger than five years with at most ten staff may join as associates. Associates pay half the fixed
part of their category's dues for at most three years, take part in meetings, and have one vote after their first full
year."""
)

ADMISSION = _flow(
    """The board admits Bright Arch Dental Studio (5 chairs, licence CL-0260) as a member of category CLI.

It meets the published criteria of article 6. Membership begins when the joining fee and the first half-year's dues are
paid."""
)
