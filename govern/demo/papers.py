"""What the meetings of the story had on their agendas, and what was minuted."""

from typing import NamedTuple

from govern.meetings.rules import ItemKind


class Paper(NamedTuple):
    """An agenda item with its minutes; ``minutes`` = planned length."""

    title: str
    purpose: str
    kind: ItemKind
    minute: str
    minutes: int = 30

    @property
    def text(self) -> str:
        """The minutes with one line for each paragraph."""
        return "\n\n".join(" ".join(part.split()) for part in self.minute.split("\n\n"))


ACCOUNTS = Paper(
    "Accounts of the last year",
    "The treasurer presents income, spending and reserves; members ask.",
    ItemKind.INFORMATION,
    """Olga Brandão presented the accounts. Income of EUR 149,200 stood against spending of EUR 146,750; EUR 2,450 went
to the reserve.

Asked by Concordia Health Insurance Mutual, she explained that the fair in October was paid from two budget
years. The accounts were noted without further questions.""",
    40,
)
AUDIT = Paper(
    "Report of the internal auditors",
    "Walter Quin and Inês Duarte report on their audit of the accounts.",
    ItemKind.INFORMATION,
    """The auditors compared every bank statement with the ledger and forty vouchers with their decisions. They found
no difference. Two travel vouchers lacked the name of the traveller; both were completed during the audit.

They recommend that vouchers without a name are no longer paid.""",
    30,
)
DISCHARGE = Paper(
    "Discharge of the board",
    "The assembly decides whether it discharges the board for the last year.",
    ItemKind.DECISION,
    """Dr. Irene Sol left the chair to Clara Nogueira for this item. On the auditors' motion the assembly discharged
the board by show of hands, without a voice against. The members of the board did not vote.""",
    10,
)
COMMENTS = Paper(
    "Comments received on the Care Standard",
    "Go through the 41 comments of the consultation and answer each.",
    ItemKind.DISCUSSION,
    """The consultation of 60 days brought 41 comments from 14 members and one department. The committee accepted 23,
took over 9 in part, rejected 7 with a reason for each, and deferred 2 to the next version.

The reasons are published with the answers, so that whoever commented can see what became of it.""",
    90,
)
M_09 = Paper(
    "Clause M-09, advertising with outcomes",
    "Decide whether the clause can stay without a licence it rests on.",
    ItemKind.DISCUSSION,
    """The clause names no licence requirement and no gap it would fill. As long as this is so it cannot be put to a
vote. It stays out of version 1.0; the Medical Chamber proposes another wording.""",
    30,
)
HAND_OVER = Paper(
    "Hand-over at discharge",
    "Agree on how the discharge summary is tried before the standard takes effect.",
    ItemKind.DISCUSSION,
    """The summary is tried by one recovery place and by the nurses for four weeks. The committee looks at the findings
before the standard takes effect.""",
    30,
)
BRIGHT_ARCH = Paper(
    "Admission of Bright Arch Dental Studio",
    "Decide on the application by the published criteria of article 6.",
    ItemKind.DECISION,
    """The seats of Sorriso Dental Centre and BlueGate Medical Travel were recused; their holders left the room before
the papers were opened. The applicant meets every criterion. The two votes against asked for a site visit before
admission.""",
    30,
)
OBJECTION = Paper(
    "Objection of the Department of Tourism to line L3",
    "Hear the ground and the remedy, and agree on what is put to the assembly.",
    ItemKind.DISCUSSION,
    """The department objected to line L3 of the budget on the ground of equal access: two members supply what the line
buys. Its remedy is an open call.

The board follows the remedy. A call of 14 days is published on the cluster's page; every member and every
operator licensed in Calandria may answer it. The line goes back to the assembly as an item of its own, on which
both suppliers are recused.""",
    45,
)
BED_NIGHTS = Paper(
    "Bed nights after surgery, first half of the year",
    "Take note of the aggregated figures of the university.",
    ItemKind.INFORMATION,
    """Prof. Ivo Sander presented aggregated figures of eleven members. When the talk turned to the occupancy of single
houses, Jonas Feld objected; the chair closed the discussion at once. Nothing was agreed.""",
    30,
)
CORRECTION = "The call is open for 21 days, not 14. That is how the motion to the assembly reads."
