"""A service behind Keywright: `uvicorn main:app --port 4000`."""

from typing import Annotated

from fastapi import Depends, FastAPI

from keywright import caller

app = FastAPI()


@app.get("/hello")
def hello(who: Annotated[dict, Depends(caller)]) -> dict:
    """Greets whoever brings an access token."""
    return {"user": who["sub"], "scope": who["scope"], "roles": who["roles"]}
