"""Security headers on every answer. Nothing inline, nothing from elsewhere, no framing."""

from flask import Flask, request
from werkzeug.wrappers import Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Frame-Options": "DENY",
}


def init_app(app: Flask) -> None:
    """Add the headers; no page is kept by any cache. Asks the database nothing: it may be what has failed."""
    always = dict(HEADERS)
    if app.config["GOVERN"].https:
        always["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    named = [(name.lower(), name, value) for name, value in always.items()]

    @app.after_request
    def add(response: Response) -> Response:
        given = response.headers
        taken = {name.lower() for name, _value in given}
        given.extend((name, value) for key, name, value in named if key not in taken)
        if request.endpoint != "static" and "cache-control" not in taken:
            given.add("Cache-Control", "no-store")
        return response
