"""What a project says of its dataset."""

from annotator.core.plain import rebuilt
from annotator.core.publishing import Publishing
from projects.models import Project


def publishing_of(project: Project) -> Publishing:
    return rebuilt(Publishing, project.publishing or {})
