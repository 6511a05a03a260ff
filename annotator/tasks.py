"""What the job worker runs: jobs, which `annotator.services.jobs.start` alone enqueues, e-mail and webhooks."""

from django_tasks import task


@task()
def run_job(job_id: int) -> None:
    from annotator.services import act_notices, jobs

    act_notices.begin()
    jobs.run(job_id)
    act_notices.finish()
    jobs.tell_end(job_id)


@task()
def deliver_message(delivery_id: int) -> None:
    from annotator.services import webhooks

    webhooks.deliver(delivery_id)


@task()
def mail_notices(user_id: int, ids: list[int]) -> None:
    from annotator.services import notice_mail

    notice_mail.send_notices(user_id, ids)
