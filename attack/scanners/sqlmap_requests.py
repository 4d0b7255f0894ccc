"""What sqlmap sends: calls of a program to the API, and posts of a page of ours to the pages."""

import os
import sys
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from newcomer import credentials


def preprocess(req):
    token, cookie = credentials()
    if urllib.parse.urlsplit(req.get_full_url()).path.startswith("/api/"):
        req.add_header("Authorization", f"Bearer {token}")
        return
    req.add_header("Cookie", cookie)
    req.add_header("Accept", "text/html,*/*;q=0.8")
    req.add_header("Sec-Fetch-Site", "same-origin")
    req.add_header("Sec-Fetch-Mode", "navigate")
