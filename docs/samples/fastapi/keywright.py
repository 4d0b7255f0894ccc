"""Who is calling: verifies Keywright's access tokens (RFC 9068) with the keys it publishes.

This file is what another service copies. ISSUER is the public address of Keywright.
"""

import os
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

ISSUER = os.environ.get("ISSUER", "http://localhost:3000")
ALGORITHMS = ["EdDSA", "ES256", "RS256"]
CLAIMS = {"require": ["iss", "aud", "sub", "exp", "nbf"]}
# Fetched again after five minutes, and for an unknown `kid`, which anybody can make up, at most every ten seconds.
KEYS = jwt.PyJWKClient(f"{ISSUER}/.well-known/jwks.json", lifespan=300, cooldown_duration=10, timeout=5)


# Not `async`: FastAPI runs it on a thread, where it may wait for the keys.
def caller(given: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> dict:
    """The claims of the token of a request."""
    token = given.credentials
    try:
        key = KEYS.get_signing_key_from_jwt(token)
        verified = jwt.decode_complete(
            token, key, algorithms=ALGORITHMS, issuer=ISSUER, audience=ISSUER, options=CLAIMS, leeway=5
        )
        if verified["header"].get("typ") != "at+jwt":
            raise jwt.InvalidTokenError("another kind of token")
    except jwt.PyJWKClientConnectionError as error:
        raise HTTPException(503) from error  # its keys cannot be had: that says nothing about the token
    except jwt.PyJWTError as error:
        raise HTTPException(401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}) from error
    return verified["payload"]
