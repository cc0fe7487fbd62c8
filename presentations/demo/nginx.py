"""The pages with which Presenton's nginx answers by itself."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response

_PHRASES = {401: "Authorization Required", 503: "Service Temporarily Unavailable", 504: "Gateway Time-out"}


def nginx_page(status: int) -> Response:
    title = f"{status} {_PHRASES.get(status) or _phrase(status)}"
    body = f"<center><h1>{title}</h1></center>\r\n<hr><center>nginx/1.22.1</center>"
    page = f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n{body}\r\n</body>\r\n</html>\r\n"
    return Response(page, status, mimetype="text/html")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
