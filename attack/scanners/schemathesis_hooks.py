"""Schemathesis signs in as somebody new every minute."""

import schemathesis

from newcomer import LASTS, credentials


@schemathesis.auth(refresh_interval=LASTS)
class Newcomer:
    def get(self, case, ctx):
        return credentials()[0]

    def set(self, case, data, ctx):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"
