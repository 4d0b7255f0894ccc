"""Somebody new to scan as: a scanner deletes the account it has, ends its sessions and changes its password, so it gets
another one when that has happened, and every minute. Every second one is an administrator, or as many as
SCANNED_ADMINISTRATORS says: 1 for all."""

import json
import os
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

URL = os.environ["SCANNED_URL"]
PASSWORD = "correct horse battery staple"
LASTS = 60
SEEN_AGAIN = 0.2
ADMINISTRATORS = int(os.environ.get("SCANNED_ADMINISTRATORS", "2"))

_kept = {"until": 0.0, "seen": 0.0, "people": 0}


def credentials():
    """The access token and the cookie of somebody who was signed in within the last minute."""
    if _kept["until"] < time.monotonic() or not _is_live():
        email = _sign_up()
        if _kept["people"] % ADMINISTRATORS == ADMINISTRATORS - 1:
            subprocess.run([os.environ["SCANNED_PROGRAM"], "user", "role", email, "platform_admin"], check=True)
        _kept.update(_sign_in(email), until=time.monotonic() + LASTS, seen=time.monotonic(), people=_kept["people"] + 1)
    return _kept["token"], _kept["cookie"]


def _is_live():
    # Not before each of some hundred requests a second.
    if time.monotonic() < _kept["seen"] + SEEN_AGAIN:
        return True
    _kept["seen"] = time.monotonic()
    request = urllib.request.Request(f"{URL}/api/v1/me", headers={"authorization": f"Bearer {_kept['token']}"})
    try:
        return urllib.request.urlopen(request).status == 200
    except urllib.error.HTTPError:
        return False


def _sign_up():
    email = f"person{time.time_ns()}@example.com"
    _post("sign-up", {"email": email, "password": PASSWORD, "name": "Sam"})
    for _ in range(500):
        inbox = f"{URL}/dev/inbox.json?{urllib.parse.urlencode({'to': email})}"
        with urllib.request.urlopen(inbox) as answer:
            mails = json.load(answer)
        if mails:
            _post("verify-email", {"email": email, "code": mails[0]["code"]})
            return email
        time.sleep(0.02)
    raise RuntimeError(f"no mail for {email}")


def _sign_in(email):
    answer = _post("sign-in", {"email": email, "password": PASSWORD})
    token = json.load(answer)["access_token"]
    cookie = answer.headers["set-cookie"].split(";")[0]
    organization = {"name": f"Acme {time.time_ns()}"}
    _post("organizations", organization, {"authorization": f"Bearer {token}"})
    return {"token": token, "cookie": cookie}


def _post(path, body, headers=None):
    headers = {"content-type": "application/json", **(headers or {})}
    request = urllib.request.Request(f"{URL}/api/v1/{path}", json.dumps(body).encode(), headers)
    return urllib.request.urlopen(request)
