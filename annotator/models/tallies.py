from django.db import models

from projects.models import Membership, Round


class Tally(models.Model):
    """What the saves of one day added up to, so that no page ever counts labels: sums with a sign, kept by each save.

    `services.rebuild` compares the sums with labels and shares, and makes them anew from these.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, db_index=False, related_name="tallies")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, db_index=False, related_name="tallies")
    # The question answered; empty for what came of no single answer, such as a mended boundary.
    variable = models.CharField(max_length=100, blank=True)
    # By the clock of the site.
    day = models.DateField()
    # Answers that stand and wait for no confirmation, and the units that were finished by them.
    answers = models.IntegerField(default=0)
    units_done = models.IntegerField(default=0)
    active_ms = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "member", "variable", "day"], name="tally_once")]
        indexes = [models.Index(fields=["round", "day"], name="tallies_of_day")]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.member_id}/{self.variable} {self.day}"
