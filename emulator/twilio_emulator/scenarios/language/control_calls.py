"""The calls of the control API as scenarios check them: paths with `{places}`, and their methods.

A scenario is checked without a server, so the table stands here; a test compares it with the calls
that a server has.
"""

from twilio_emulator.scenarios.language.problems import nearest

CALLS: dict[str, str] = {
    "": "GET",
    "/accounts": "GET POST",
    "/accounts/{account}": "DELETE",
    "/address-rules": "GET PATCH",
    "/alerts": "GET",
    "/ca.pem": "GET",
    "/carrier": "GET PATCH",
    "/choices": "GET",
    "/clock": "GET POST",
    "/connections": "GET DELETE",
    "/connections/{connection}": "DELETE",
    "/content": "GET",
    "/content/{content}": "GET",
    "/content/{content}/approval": "POST",
    "/conversation-webhooks": "GET PATCH",
    "/conversations": "GET POST",
    "/conversations/{conversation}": "GET PATCH DELETE",
    "/conversations/{conversation}/messages": "GET POST",
    "/conversations/{conversation}/participants": "POST",
    "/conversations/{conversation}/participants/{participant}": "DELETE",
    "/conversations/{conversation}/participants/{participant}/read": "POST",
    "/env": "GET",
    "/events": "GET",
    "/faults": "GET POST DELETE",
    "/faults/{fault}": "DELETE",
    "/handsets": "GET DELETE",
    "/handsets/{address}": "GET PUT PATCH DELETE",
    "/handsets/{address}/messages": "GET DELETE POST",
    "/handsets/{address}/messages/wait": "GET",
    "/handsets/{address}/messages/{item}/press": "POST",
    "/handsets/{address}/messages/{item}/read": "POST",
    "/handsets/{address}/optout": "POST",
    "/handsets/{address}/threads/{peer}/read": "POST",
    "/health": "GET",
    "/journal": "GET DELETE",
    "/mark": "GET",
    "/media/{media}": "GET",
    "/messages": "GET DELETE",
    "/messages/{message}": "GET",
    "/messages/{message}/receipt": "POST",
    "/numbers": "GET",
    "/numbers/{address}": "PATCH",
    "/openapi.json": "GET",
    "/optouts": "GET PUT DELETE",
    "/ready": "GET",
    "/receipts/release": "POST",
    "/receivers": "POST",
    "/recording": "GET POST DELETE",
    "/reset": "POST",
    "/scenarios": "POST",
    "/scenarios/check": "POST",
    "/services": "GET",
    "/services/{service}": "PATCH",
    "/services/{service}/advanced-optout": "PUT",
    "/snapshot": "GET PUT",
    "/token": "GET",
    "/tokens": "POST",
    "/wait": "GET",
    "/webhooks": "GET",
    "/webhooks/{webhook}/replay": "POST",
    "/whatsapp/windows": "GET",
    "/whatsapp/windows/{address}/{sender}": "PATCH",
}


def problem(method: str, path: str) -> str | None:
    """What is wrong with a call, as the rest of `expected ...`; None when there is such a call.

    Args:
        path: as a scenario has it, with `${names}` still in it.
    """
    segments = path.partition("?")[0].rstrip("/").split("/")
    methods = next((CALLS[known] for known in CALLS if _fits(known.split("/"), segments)), None)
    said = f"{method} {path}"
    if methods is None:
        known = [f"{each} {known}" for known, methods in CALLS.items() for each in methods.split()]
        return f'a call of the control API, not "{said}"{nearest(said, known)}'
    if method not in methods.split():
        return f"{' or '.join(methods.split())} before {path}, not {method}"
    return None


def _fits(known: list[str], segments: list[str]) -> bool:
    return len(known) == len(segments) and all(
        name == segment or (name.startswith("{") and segment) or "${" in segment
        for name, segment in zip(known, segments, strict=True)
    )
