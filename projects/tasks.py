"""What the job worker runs that belongs to no project: jobs of projects are in annotator.services.jobs."""

from django_tasks import task


@task()
def send_password_links(email: str, site: str) -> None:
    from projects.services import passwords

    passwords.send_links(email, site)


@task()
def send_change(email: str, name: str) -> None:
    from projects.services import owners

    owners.write_of_change(email, name)
