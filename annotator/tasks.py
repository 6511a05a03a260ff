"""What the job worker runs. `annotator.services.jobs.start` alone enqueues."""

from django_tasks import task


@task()
def run_job(job_id: int) -> None:
    from annotator.services import jobs

    jobs.run(job_id)
