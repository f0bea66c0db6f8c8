"""What happens in other areas and leaves a task behind; govern.areas registers it there."""

from datetime import timedelta

from govern.cluster.queries import get_cluster
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.reviews.queries import ReviewLine
from govern.reviews.rules import PROPOSAL_DAYS
from govern.tasks.actions import assign_task


def task_of_objection(actor: Actor, line: ReviewLine) -> None:
    """An objection asks for a proposal within 14 days (L02); the secretariat prepares it for the board."""
    review = line.review
    assign_task(
        actor,
        title=f"Propose to the board how to meet the objection to {review.subject_code}",
        detail=review.remedy,
        due_on=clock.today(get_cluster().zone) + timedelta(days=PROPOSAL_DAYS),
        source_kind="review",
        source_id=review.id,
        source_label=f"Objection of the {line.department} to decision {line.number}",
    )
