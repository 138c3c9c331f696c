"""The console's own files: styles, scripts. Small, so they are read once and kept.

The content's hash is in the path, so a browser may keep a file for ever, and a new version is a
new path. Only what lies in the folder has a path: nothing is looked up on disk by a client's word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

FOR_EVER = "public, max-age=31536000, immutable"
TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its address, its media type, its bytes."""

    path: str
    media_type: str
    content: bytes


@lru_cache
def assets() -> Mapping[str, Asset]:
    """Return all files that are served, by name."""
    folder = files("sentinel.web.console").joinpath("static")
    found: dict[str, Asset] = {}
    for entry in folder.iterdir():
        media_type = TYPES.get(f".{entry.name.rpartition('.')[2]}")
        if media_type is not None:
            content = entry.read_bytes()
            path = f"/static/{sha256(content).hexdigest()[:16]}/{entry.name}"
            found[entry.name] = Asset(path, media_type, content)
    return found


def static(name: str) -> str:
    """Return the path of a file of ours.

    Raises:
        KeyError: there is no such file.
    """
    return assets()[name].path


def static_routes() -> APIRouter:
    """Make the routes."""
    router = APIRouter()
    by_path = {asset.path: asset for asset in assets().values()}

    @router.get("/static/{digest}/{name}")
    def give(digest: str, name: str) -> Response:
        asset = by_path.get(f"/static/{digest}/{name}")
        if asset is None:
            raise HTTPException(404)
        return Response(
            asset.content, media_type=asset.media_type, headers={"Cache-Control": FOR_EVER}
        )

    return router
