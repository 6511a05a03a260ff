"""What programs send to the API, by the names of its addresses."""

from uuid import uuid4

from projects.models import Assignment
from tests import make


def bodies(study: make.Study, share: Assignment) -> dict[str, dict[str, object]]:
    """Of somebody who has this share."""
    unit, people = study.units()[1].pk, [member.pseudonym for member in study.members]
    event = {"event": str(uuid4()), "unit": unit}
    choice = event | {"assignment": share.pk, "variable": "stance", "value": "for", "base_version": 0}
    return {
        "api_projects": {"title": f"Study {uuid4()}"},
        "api_invitations": {"role": "annotator", "note": "the new one"},
        "api_project_articles": {"articles": [{"external_id": str(uuid4()), "title": "Rain", "text": "It rained."}]},
        "api_codebooks": {"document": make.CODEBOOK, "draft": True},
        "api_rounds": {
            "name": str(uuid4()),
            "purpose": "pilot",
            "members": people,
            "articles": [study.articles[0].pk],
            "due_on": "2027-03-31",
        },
        "api_labels": choice,
        "api_labels_bulk": {"choices": [choice]},
        "api_decisions": event
        | {"round": study.round.pk, "variable": "stance", "value": "for", "base_version": 0, "reason": "Rule 3."},
        "api_exports": {"format": "long", "form": "csv"},
        "api_notes": event | {"assignment": share.pk, "text": "Who?"},
        "api_answer_note": {"text": "The mayor."},
    }
