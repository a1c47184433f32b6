"""`/docs`: Swagger UI from files in this installation, so that it works offline and under a strict policy."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from shared.chassis.problems import (
    PROBLEM_SCHEMA,
    PayloadTooLarge,
    Unavailable,
    Unprocessable,
    UnsupportedMediaType,
    problem_responses,
)

DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self' http: https:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<link rel="icon" href="/docs/assets/favicon.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""

_START = """SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  persistAuthorization: true,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIBundle.SwaggerUIStandalonePreset],
});
"""


_FOR_ALL = (Unprocessable, Unavailable)
_FOR_BODIES = (PayloadTooLarge, UnsupportedMediaType)


def swagger_ui_folder() -> Path:
    """Where the Swagger UI files are: the folder that the package `fastapi-offline` brings along."""
    spec = find_spec("fastapi_offline")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("The package fastapi-offline is not installed; /docs needs its files.")
    return Path(spec.submodule_search_locations[0], "static")


def _describe_common_refusals(operation: dict[str, Any]) -> None:
    """What the chassis refuses by itself it describes by itself, so that no route can forget it."""
    common = (*_FOR_BODIES, *_FOR_ALL) if "requestBody" in operation else _FOR_ALL
    for status, described in problem_responses(*common).items():
        operation["responses"].setdefault(str(status), described)


def add_docs(app: FastAPI, *, token_url: str) -> None:
    """Serve /openapi.json and /docs; its Authorize button sends the sign-in form to `token_url`."""

    def openapi() -> dict[str, Any]:
        document = FastAPI.openapi(app)
        for operations in document["paths"].values():
            for operation in operations.values():
                _describe_common_refusals(operation)
        components = document.setdefault("components", {})
        components.setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
        for scheme in components.get("securitySchemes", {}).values():
            for flow in scheme.get("flows", {}).values():
                flow["tokenUrl"] = token_url
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the document

    @app.get("/openapi.json", include_in_schema=False)
    async def document() -> JSONResponse:
        return JSONResponse(openapi())

    @app.get("/docs", include_in_schema=False)
    async def page() -> HTMLResponse:
        return HTMLResponse(_PAGE.format(title=app.title), headers={"Content-Security-Policy": DOCS_POLICY})

    @app.get("/docs/start.js", include_in_schema=False)
    async def start() -> Response:
        return Response(_START, media_type="text/javascript")

    app.mount("/docs/assets", StaticFiles(directory=swagger_ui_folder()), name="swagger-ui")
