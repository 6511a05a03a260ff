from django.contrib.auth import views as auth
from django.urls import path

from projects.web import projects

urlpatterns = [
    path("", projects.home, name="home"),
    path("accounts/login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("accounts/logout/", auth.LogoutView.as_view(), name="logout"),
    path("p/<slug:slug>/", projects.overview, name="overview"),
]
