from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField

from projects.models import User


class SignInForm(AuthenticationForm):
    """Django's form only tells the browser how long a name is; here a longer one is refused before it is looked up."""

    username = UsernameField(max_length=User._meta.get_field("username").max_length, widget=forms.TextInput)
