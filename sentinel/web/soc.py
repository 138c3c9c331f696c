"""What the SOC's listener serves: the API below /api, /health and /metrics, else the console."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

API_PATHS = ("/api", "/health", "/metrics")


def build_soc(api: ASGIApp, console: ASGIApp) -> ASGIApp:
    """Make one application out of the two; the path decides."""

    async def soc(scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        ours = any(path == root or path.startswith(f"{root}/") for root in API_PATHS)
        await (api if ours else console)(scope, receive, send)

    return soc
