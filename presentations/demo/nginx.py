"""The pages with which Presenton's nginx answers by itself, and those of one that has no Presenton behind it."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response

_PHRASES = {401: "Authorization Required", 503: "Service Temporarily Unavailable", 504: "Gateway Time-out"}


def nginx_page(status: int) -> Response:
    title = f"{status} {_PHRASES.get(status) or _phrase(status)}"
    body = f"<center><h1>{title}</h1></center>\r\n<hr><center>nginx/1.22.1</center>"
    page = f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n{body}\r\n</body>\r\n</html>\r\n"
    return Response(page, status, mimetype="text/html")


def web_server_page(found: bool) -> Response:
    """Something else than Presenton is at this address: the same page for every path, or none for any."""
    if not found:
        return nginx_page(404)
    title = "Welcome to nginx!"
    page = f"<!DOCTYPE html>\n<html>\n<head><title>{title}</title></head>\n<body><h1>{title}</h1></body>\n</html>\n"
    return Response(page, mimetype="text/html")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
