from rest_framework.authentication import BaseAuthentication


class TokenAuthentication(BaseAuthentication):
    pass
