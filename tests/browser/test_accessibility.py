"""No screen breaks a rule of WCAG 2.2, level A or AA, that a program can check, by day or by night, wide or narrow."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize

from annotator.models import Label
from annotator.services.demo import Demo, make_demo
from annotator.services.snapshots import keep_report
from annotator.services.trash import delete_project, trash_round
from projects.models import Article, Assignment, AuditEntry, CodebookVersion, Membership, Role, Round, User
from projects.queries.access import own_assignment
from projects.services.articles import import_articles
from projects.services.duplicates import look_for_copies
from projects.services.linking import drop, link
from projects.services.member_changes import remove_member
from projects.services.members import invite
from projects.services.passwords import link_key
from projects.services.rounds import set_closed
from projects.services.second_factor import begin_second_factor
from tests import make
from tests.annotated_files import prodigy
from tests.services.test_duplicates import cut, story

pytestmark = pytest.mark.django_db(transaction=True)

TRIES = 10
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# Of what passes only the names are asked for: a page's elements would go over the wire for each rule.
FAULTS = {"resultTypes": ["violations"]}
RULES = FAULTS | {"runOnly": {"type": "tag", "values": LEVELS}}
# The costliest rule; the wide looks ask for it by day and by night.
LAYOUT = RULES | {"rules": {"color-contrast": {"enabled": False}}}
COLOURS = FAULTS | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
LOADED = Axe("0")
"""For a page that has axe in it already."""
WIDE, NARROW = ViewportSize(width=1280, height=800), ViewportSize(width=360, height=740)
# The day is last, so that what follows finds the page as it was. What is dark differs in its colours alone.
LOOKS = [("narrow", NARROW, "light", LAYOUT), ("dark", WIDE, "dark", COLOURS), ("light", WIDE, "light", RULES)]


@pytest.fixture
def demo() -> Demo:
    return make_demo()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def sign_in(page: Page, live: str, name: str) -> None:
    client = Client()
    client.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live}])


def send(page: Page, button: str) -> None:
    """Press it, and wait for the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def faults(page: Page, what: str) -> list[str]:
    """What axe finds in any look: the rule, the element, and why."""
    found = []
    axe = Axe()
    for look, size, scheme, rules in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        found += [
            f"{what}, {look}: {rule['id']} at {node['target']}: {node.get('failureSummary', '')} {node['html'][:200]}"
            for rule in axe.run(page, options=rules).response["violations"]
            for node in rule["nodes"]
        ]
        axe = LOADED
    return found


def check(page: Page, live: str, paths: list[str]) -> None:
    found = []
    for path in paths:
        page.goto(f"{live}{path}")
        found += faults(page, path)
    assert not found, "\n".join(found)


def test_a_fault_is_seen(opened: Page) -> None:
    opened.set_content('<html lang="en"><title>A page</title><main><h1>A page</h1><img src="data:,"></main></html>')
    assert "image-alt" in faults(opened, "a page")[0]


def test_the_doors(opened: Page, live: str, demo: Demo) -> None:
    lead = Membership.objects.get(role=Role.LEAD)
    check(opened, live, ["/accounts/login/", f"/join/{invite(lead=lead, role='annotator')}/", "/join/none/"])
    assert lead.user is not None
    check(opened, live, ["/accounts/forgotten/", f"/accounts/reset/{link_key(lead.user)}/", "/accounts/reset/none/"])
    begin_second_factor(user=lead.user)
    TOTPDevice.objects.update(confirmed=True)
    opened.goto(f"{live}/accounts/login/")
    opened.get_by_label("Name").fill("nadia")
    opened.get_by_label("Password").fill(demo.password)
    opened.keyboard.press("Enter")
    opened.get_by_label("Code").wait_for()
    assert not faults(opened, "code")
    for said in ("do not fit together", "Too many tries"):
        opened.goto(f"{live}/accounts/login/")
        opened.get_by_label("Name").fill("iris")
        opened.get_by_label("Password").fill("not this one")
        opened.keyboard.press("Enter")
        opened.get_by_text(said).wait_for()
        assert not faults(opened, said)
        for _ in range(TRIES):
            Client().post("/accounts/login/", {"username": "iris", "password": "not this one"})


def test_the_pages_of_a_lead(opened: Page, live: str, demo: Demo) -> None:
    sign_in(opened, live, "nadia")
    in_project = [
        "",
        "articles/",
        "articles/?q=nothing+fits",
        "articles/import/",
        "codebook/",
        "codebook/import/",
        "codebook/1/changes/",
    ]
    in_project += [
        "rounds/",
        "rounds/new/",
        "members/",
        "labels/import/",
        "export/",
        "export/bundle/",
        "code/",
        "no-such-page/",
    ]
    in_project += ["settings/", "settings/again/", "settings/kinds/", "settings/lexicons/", "codebook/sources/"]
    in_project += ["settings/lexicons/contrast_sets/", "notes/", "notes/?settled=1", "notes/?decide=1"]
    in_project += ["labels/import/elsewhere/"]
    articles = Article.objects.values_list("pk", flat=True)
    in_project += [f"articles/{pk}/" for pk in articles[:2]]
    in_project += [f"articles/{articles[0]}/metadata/", "articles/duplicates/", "articles/?state=trash"]
    in_project += [f"articles/{articles.get(external_id='arabic_daily')}/boundaries/"]
    finished, open_round = Round.objects.get(name="Reliability 1"), Round.objects.get(name="Main")
    in_project += [f"rounds/{finished.pk}/", f"rounds/{open_round.pk}/"]
    in_project += [f"rounds/{open_round.pk}/members/{open_round.assignments.all()[0].member_id}/"]
    reports = ["", "&variable=attribution.source", "&variable=attribution.manner", "&variable=attribution.spans"]
    in_project += [f"agreement/?round={finished.pk}{which}" for which in reports]
    in_project += [f"agreement/?round={open_round.pk}", "agreement/part/", "agreement/part/?kinds=headline"]
    kept = keep_report(member=Membership.objects.get(role=Role.LEAD), round=finished)
    in_project += ["access/", "settings/webhooks/", "agreement/snapshots/", f"agreement/snapshots/{kept.pk}/"]
    outside = ["/", "/projects/import/", "/account/", "/api/", "/notices/", "/agreement/"]
    check(opened, live, [*outside, *(f"/p/demo/{path}" for path in in_project)])


def test_the_mapping_of_another_tool_s_file(opened: Page, live: str, demo: Demo) -> None:
    sign_in(opened, live, "nadia")
    opened.goto(f"{live}/p/demo/labels/import/elsewhere/")
    sample = prodigy()
    file = FilePayload(name=sample.name, mimeType="application/json", buffer=sample.data)
    opened.get_by_label("Export of the other tool").set_input_files(file)
    opened.get_by_role("button", name="Look at it").click()
    opened.get_by_label("Pseudonym of coder-1").fill("")
    opened.get_by_role("button", name="Look again").click()
    opened.get_by_role("alert").wait_for()
    assert not faults(opened, "mapping with a problem")


def test_the_calculator(opened: Page, live: str, demo: Demo) -> None:
    sign_in(opened, live, "iris")
    opened.goto(f"{live}/agreement/")
    opened.get_by_label("Table", exact=True).fill("unit,tone_A,tone_B,side_A,side_B\n1,1,2,x,x\n2,1,1,y,99\n3,2,2,x,x")
    opened.get_by_role("button", name="Calculate").click()
    opened.get_by_role("button", name="Calculate again").wait_for()
    opened.locator("summary", has_text="side").click()
    found = faults(opened, "report of a table")
    opened.get_by_label("Level of tone").select_option("ratio")
    opened.get_by_label("Values of tone, from low to high").fill("1")
    opened.get_by_label("Level of tone").select_option("ordinal")
    opened.get_by_role("button", name="Calculate again").click()
    opened.get_by_role("alert").wait_for()
    assert not [*found, *faults(opened, "refused table")]


def test_the_trash_and_the_past(opened: Page, live: str, demo: Demo) -> None:
    lead, finished = Membership.objects.get(role=Role.LEAD), Round.objects.get(name="Reliability 1")
    share = Assignment.objects.filter(round=finished).latest("pk")
    told, at = Label.objects.filter(assignment=share, unit__index=1).latest("pk"), timezone.now()
    set_closed(lead=lead, round=finished, closed=False)
    make.label(own_assignment(share.member.user_id or 0, share.pk), told.unit, told.variable, None, told.version)
    drop(member=lead, articles=[make.article(lead, story(1)).pk])
    trash_round(lead=lead, round=Round.objects.get(name="Main"))
    delete_project(lead=(other := make.project(lead=lead.user)), typed=other.project.title)
    sign_in(opened, live, "nadia")
    labels, restore = f"labels/{share.pk}/", f"rounds/{finished.pk}/restore/"
    then = f"as_of={at:%Y-%m-%dT%H:%M:%S.%fZ}"
    paths = ["trash/", "settings/delete/", "history/", labels, f"{labels}?{then}", f"{labels}{told.unit_id}/"]
    paths += [f"articles/{share.text_version.article_id}/labels/", restore]
    check(opened, live, ["/", *(f"/p/demo/{path}" for path in paths)])
    opened.goto(f"{live}/p/demo/{restore}?annotator={share.member_id}&{then}")
    found = faults(opened, "what would change")
    opened.get_by_role("button", name="Put this label back").click()
    opened.get_by_text("1 label stands as it stood then").wait_for()
    found += faults(opened, "put back")
    opened.goto(f"{live}/p/demo/rounds/")
    opened.get_by_role("button", name="To the trash Reliability 1").press("Enter")
    opened.get_by_role("button", name="Restore Reliability 1").press("Enter")
    opened.get_by_text("“Reliability 1” is back").wait_for()
    assert not found, "\n".join(found)
    sign_in(opened, live, "iris")
    check(opened, live, ["/p/demo/labels/"])


def test_the_copies(opened: Page, live: str, demo: Demo) -> None:
    lead = Membership.objects.get(role=Role.LEAD)
    one, two, three = (make.article(lead, text).pk for text in (story(1), story(1), cut(story(1))))
    link(member=lead, original=one, copies=[two])
    entry = drop(member=lead, articles=[make.article(lead, story(2)).pk]).entry
    look_for_copies(member=lead)
    sign_in(opened, live, "nadia")
    paths = [f"?done={entry}", "?state=trash", "?state=linked", "?column=desk&value=x", "duplicates/"]
    check(opened, live, [f"/p/demo/articles/{path}" for path in (*paths, f"{one}/", f"{two}/")])
    opened.goto(f"{live}/p/demo/articles/{three}/metadata/")
    opened.get_by_label("Language").fill("no such language")
    send(opened, "Save")
    assert not faults(opened, "refused metadata")


def test_the_codebook_editor(opened: Page, live: str, demo: Demo) -> None:
    sign_in(opened, live, "nadia")
    opened.goto(f"{live}/p/demo/codebook/")
    opened.get_by_role("button", name="Edit in a new draft").click()
    opened.wait_for_url("**/2/edit/")
    found = faults(opened, "whole codebook")
    for at in (0, 1, 2, 9):
        opened.goto(f"{live}/p/demo/codebook/2/edit/?at={at}")
        for line in ("#more", "#values\\.0", "#sources\\.0", "#span_attributes\\.0"):
            for summary in opened.locator(f"{line} > summary").all():
                summary.click()
        found += faults(opened, f"question {at}")
    opened.get_by_label("Name", exact=True).first.fill("")
    opened.keyboard.press("Tab")
    opened.get_by_text("the label is missing").first.wait_for()
    found += faults(opened, "to mend")
    assert not found, "\n".join(found)


def test_a_round_that_goes_on_to_another_codebook(opened: Page, live: str, demo: Demo) -> None:
    lead, finished = Membership.objects.get(role=Role.LEAD), Round.objects.get(name="Reliability 1")
    document = CodebookVersion.objects.get(project=lead.project).document
    document["variables"][0]["sources"][0] |= {
        "retired": True,
        "became": [document["variables"][0]["sources"][1]["key"]],
    }
    CodebookVersion.objects.create(
        project=lead.project, number=2, state="published", published_at=timezone.now(), document=document
    )
    sign_in(opened, live, "nadia")
    check(opened, live, [f"/p/demo/{path}" for path in ("codebook/", "rounds/", f"rounds/{finished.pk}/codebook/")])
    opened.get_by_role("button", name="Move the round to version 2").click()
    opened.get_by_role("button", name="Back to version 1").wait_for()
    found = faults(opened, "moved")
    opened.goto(f"{live}/p/demo/export/")
    assert not [*found, *faults(opened, "export of before")]


def test_what_a_form_answers(opened: Page, live: str, demo: Demo) -> None:
    sign_in(opened, live, "nadia")
    found = []
    opened.goto(f"{live}/p/demo/members/")
    send(opened, "Make a link")
    found += faults(opened, "invitation")
    opened.goto(f"{live}/account/")
    opened.get_by_label("Name", exact=True).fill("script")
    send(opened, "Make a token")
    found += faults(opened, "token")
    begin_second_factor(user=User.objects.get(username="nadia"))
    person = Membership.objects.get(user__username="iris")
    for path in ("/account/second-factor/", f"/p/demo/members/{person.pk}/", "/p/demo/leave/"):
        opened.goto(f"{live}{path}")
        found += faults(opened, path)
    remove_member(lead=Membership.objects.get(role=Role.LEAD), member_id=person.pk)
    opened.goto(f"{live}/p/demo/members/?done={AuditEntry.objects.latest('pk').pk}")
    opened.locator("summary").click()
    found += faults(opened, "member removed")
    opened.goto(f"{live}/p/demo/rounds/new/")
    opened.get_by_label("Name").fill("Main")
    send(opened, "Open the round")
    found += faults(opened, "refused round")
    opened.get_by_label("Drawn by").select_option("outlet")
    opened.get_by_text("How many are enough").click()
    send(opened, "Work it out")
    found += faults(opened, "enough sentences")
    send(opened, "Look at the draw")
    found += faults(opened, "draw")
    opened.goto(f"{live}/p/demo/articles/import/")
    opened.get_by_label("Text", exact=True).fill("The bridge\n\nIt rained. Nobody came.")
    send(opened, "Look at it first")
    found += faults(opened, "preview")
    opened.goto(f"{live}/p/demo/articles/import/")
    opened.get_by_label("Text", exact=True).fill(
        "The bridge\n\nThey waited... Nobody came. The mayor spoke to the council. residents left."
    )
    opened.get_by_role("button", name="Bring it in at once").click()
    opened.get_by_role("link", name="look at").click()
    opened.locator("#units > [aria-current]").wait_for()
    found += faults(opened, "doubtful boundaries")
    opened.keyboard.press("m")
    opened.get_by_text("One change, not applied").wait_for()
    found += faults(opened, "draft of boundaries")
    opened.get_by_role("button", name="Apply").click()
    opened.get_by_role("status").wait_for()
    found += faults(opened, "mended boundaries")
    held = Article.objects.order_by("pk")[0]
    Article.objects.filter(pk=held.pk).update(review_wanted_at=held.created_at)
    for path in (f"articles/{held.pk}/", "articles/", "rounds/new/"):
        opened.goto(f"{live}/p/demo/{path}")
        found += faults(opened, f"waiting for review: {path}")
    import_articles(member=Membership.objects.get(role=Role.LEAD), documents=[make.document()])
    opened.goto(f"{live}/p/demo/settings/")
    opened.get_by_label("Minimum length").fill("none")
    opened.get_by_text("write a whole number").wait_for()
    found += faults(opened, "refused wishes")
    opened.get_by_label("Minimum length").fill("40")
    opened.get_by_text("shorter than the 40 characters").first.wait_for()
    found += faults(opened, "tried wishes")
    opened.get_by_role("button", name="Save").click()
    opened.get_by_role("button", name="Split it again").wait_for()
    found += faults(opened, "what would come out otherwise")
    opened.goto(f"{live}/p/demo/settings/kinds/")
    opened.get_by_label("these words").fill("Residents")
    opened.keyboard.press("Enter")
    opened.get_by_role("button", name="Keep this rule").wait_for()
    found += faults(opened, "what a rule would change")
    opened.get_by_role("button", name="Keep this rule").click()
    opened.get_by_role("button", name="Take back").wait_for()
    found += faults(opened, "a rule that was kept")
    opened.goto(f"{live}/")
    opened.get_by_label("Title").fill("A study of bridges")
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/p/a-study-of-bridges/")
    found += faults(opened, "new project")
    for path in ("articles/", "codebook/", "rounds/", "rounds/new/", "agreement/", "export/", "code/"):
        opened.goto(f"{live}/p/a-study-of-bridges/{path}")
        found += faults(opened, f"empty {path}")
    assert not found, "\n".join(found)


def test_the_coding_screen(opened: Page, live: str, demo: Demo) -> None:
    sign_in(opened, live, "iris")
    found = []
    for share in Assignment.objects.filter(member__user__username="iris", round__name="Main"):
        opened.goto(f"{live}/p/demo/code/{share.pk}/")
        opened.locator("li.unit.here").wait_for()
        found += faults(opened, f"first question of {share.pk}")
    for keys, what in (("o", "second question"), ("i", "third question"), (" ", "pen down"), ("?", "keys")):
        opened.keyboard.press(keys)
        found += faults(opened, what)
    closed = Assignment.objects.filter(member__user__username="iris", round__name="Reliability 1")
    opened.goto(f"{live}/p/demo/code/{closed[0].pk}/")
    found += faults(opened, "closed round")
    assert not found, "\n".join(found)


def test_the_pages_of_an_annotator(opened: Page, live: str, demo: Demo) -> None:
    sign_in(opened, live, "iris")
    check(opened, live, ["/", "/account/", "/p/demo/", "/p/demo/codebook/", "/p/demo/rounds/", "/p/demo/code/"])
