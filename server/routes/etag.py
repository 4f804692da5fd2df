"""An answer with a mark of its bytes, or 304 for who holds just these (RFC 9110, 13.1.2)."""

from __future__ import annotations

import hashlib

from aiohttp import web

ANY = "*"


def marked(request: web.Request, body: bytes, content_type: str, headers: dict[str, str]) -> web.Response:
    """*body*, or 304 without it. headers: on both, Cache-Control above all.

    content_type: without a charset; what is text says its own, or is UTF-8 by its type.
    """
    mark = hashlib.sha256(body).hexdigest()[:32]
    if any(held.value in (mark, ANY) for held in request.if_none_match or ()):
        answer = web.Response(status=304, headers=headers)
    else:
        answer = web.Response(body=body, content_type=content_type, headers=headers)
    answer.etag = mark
    return answer
