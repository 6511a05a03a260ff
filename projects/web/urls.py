from django.contrib.auth import views as auth
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from projects.web import (
    account,
    article_changes,
    articles,
    codebooks,
    duplicates,
    joining,
    lexicons,
    member_page,
    members,
    projects,
    reviews,
    rounds,
    settings,
    undo,
)
from projects.web.sign_in import SignInForm

urlpatterns = [
    path("", projects.home, name="home"),
    path(
        "accounts/login/",
        require_http_methods(["GET", "HEAD", "POST"])(
            auth.LoginView.as_view(authentication_form=SignInForm, redirect_authenticated_user=True)
        ),
        name="login",
    ),
    path("accounts/logout/", require_POST(auth.LogoutView.as_view()), name="logout"),
    path("account/", account.account, name="account"),
    path("account/tokens/<int:token_id>/revoke/", account.revoke, name="revoke_token"),
    path("join/<str:key>/", joining.join, name="join"),
    path("p/<slug:slug>/", projects.project_overview, name="overview"),
    path("p/<slug:slug>/articles/", articles.article_list, name="articles"),
    path("p/<slug:slug>/articles/change/", article_changes.change_articles, name="change_articles"),
    path("p/<slug:slug>/articles/undo/<int:entry>/", undo.undo_change, name="undo_change"),
    path("p/<slug:slug>/articles/duplicates/", duplicates.duplicates, name="duplicates"),
    path("p/<slug:slug>/articles/duplicates/look/", duplicates.look, name="look_for_copies"),
    path("p/<slug:slug>/articles/duplicates/decide/", duplicates.decide, name="decide_copies"),
    path("p/<slug:slug>/articles/<int:article_id>/", articles.article, name="article"),
    path(
        "p/<slug:slug>/articles/<int:article_id>/metadata/", article_changes.article_metadata, name="article_metadata"
    ),
    path("p/<slug:slug>/articles/<int:article_id>/release/", reviews.release, name="release_article"),
    path("p/<slug:slug>/settings/", settings.settings, name="settings"),
    path("p/<slug:slug>/settings/lexicons/", lexicons.lexicon_list, name="lexicons"),
    path("p/<slug:slug>/settings/lexicons/<slug:key>/", lexicons.lexicon_page, name="lexicon"),
    path("p/<slug:slug>/settings/lexicons/<slug:key>/switch/", lexicons.switch_lexicon, name="switch_lexicon"),
    path("p/<slug:slug>/codebook/", codebooks.codebook_page, name="codebook"),
    path("p/<slug:slug>/codebook/document/", codebooks.codebook_document, name="codebook_document"),
    path("p/<slug:slug>/codebook/<int:number>/changes/", codebooks.codebook_changes, name="codebook_changes"),
    path("p/<slug:slug>/codebook/<int:number>/publish/", codebooks.publish_codebook, name="publish_codebook"),
    path("p/<slug:slug>/codebook/import/", codebooks.codebook_import, name="codebook_import"),
    path("p/<slug:slug>/codebook/ready/", codebooks.codebook_ready, name="codebook_ready"),
    path("p/<slug:slug>/rounds/", rounds.round_list, name="rounds"),
    path("p/<slug:slug>/rounds/new/", rounds.new_round, name="new_round"),
    path("p/<slug:slug>/rounds/<int:round_id>/close/", rounds.close_round, name="close_round"),
    path("p/<slug:slug>/leave/", joining.leave, name="leave_project"),
    path("p/<slug:slug>/members/", members.member_list, name="members"),
    path("p/<slug:slug>/members/<int:member_id>/", member_page.member_page, name="member"),
    path("p/<slug:slug>/members/<int:member_id>/remove/", member_page.remove, name="remove_member"),
    path("p/<slug:slug>/members/<int:member_id>/invite/", member_page.invite_holder, name="invite_holder"),
    path("p/<slug:slug>/members/<int:member_id>/transfer/", member_page.transfer, name="transfer_project"),
    path("p/<slug:slug>/members/undo/<int:entry>/", member_page.undo, name="undo_member_change"),
    path(
        "p/<slug:slug>/members/invitations/<int:invitation_id>/withdraw/", members.withdraw, name="withdraw_invitation"
    ),
]
