"""What an app may answer to an inbound text: TwiML, or a bare text.

The rules of this file (https://www.twilio.com/docs/messaging/twiml):

- The content type decides: three stand for XML, `text/plain` is a message as it stands, all others
  are an error. An empty answer is no reply.
- `<Response>` holds `<Message>` and `<Redirect>`, in any number; capitals matter. What else it
  holds is skipped with a warning. `<Sms>` is what `<Message>` was called before (`REPLIES`).
- Entities cannot be declared, and nothing outside of the document is read.
"""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import ClassVar
from xml.parsers import expat

from twilio_emulator.core.kernel import outside
from twilio_emulator.webhooks.http.exchange import WebhookResponse

RETRIEVAL = 11200
TOO_LARGE = 11750
NOT_XML = 12100
NOT_A_RESPONSE = 12102
UNKNOWN_ELEMENT = 12200
WRONG_CONTENT_TYPE = 12300

REPLIES = frozenset({"Message", "Sms"})
"""Verbs that send a reply. The page of `<Sms>` speaks of calls only; that it still answers texts is
decided, since Twilio's own schema is publicly reported to expect it there, and old apps use it."""

XML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})
LARGEST = 64 * 1024

LONGEST_DECLARATION = 200  # bytes
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")


class TwimlError(Exception):
    """An answer that cannot be used at all.

    Attributes:
        code: Twilio's error.
    """

    def __init__(self, code: int, words: str) -> None:
        self.code = code
        super().__init__(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageVerb:
    """`<Message>`: a reply. What is None takes its default from the text that is answered."""

    name: ClassVar[str] = "Message"

    body: str = ""
    media: tuple[str, ...] = ()
    to: str | None = None
    sender: str | None = None
    action: str | None = None
    status_callback: str | None = None
    method: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectVerb:
    """`<Redirect>`: go on with another document."""

    name: ClassVar[str] = "Redirect"

    url: str
    method: str | None = None


Verb = MessageVerb | RedirectVerb


@dataclass(frozen=True, slots=True)
class TwimlDocument:
    """What an answer says: verbs in order, and what was wrong with it, as Twilio's code and words.

    `url` is where it came from, for the relative URLs in it.
    """

    url: str
    verbs: tuple[Verb, ...] = ()
    warnings: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What an answer was taken to say, as the log keeps it.

    Attributes:
        subject: sid of the text that was reported.
        url: what was asked.
        verbs: each with its name and what it says, in order.
    """

    subject: str
    url: str
    verbs: tuple[dict[str, object], ...]


def understood(subject: str, document: TwimlDocument) -> Understood:
    """A document for the log."""
    return Understood(
        subject=subject,
        url=document.url,
        verbs=tuple({"verb": verb.name, **asdict(verb)} for verb in document.verbs),
    )


@dataclass(slots=True)
class Element:
    """An element of XML, with texts and elements in order."""

    name: str
    attributes: dict[str, str]
    content: list["str | Element"] = field(default_factory=list)


def read(answer: WebhookResponse) -> TwimlDocument:
    """What an answer says.

    Raises:
        TwimlError: nothing that could be used.
    """
    if answer.failure is not None:
        raise TwimlError(answer.failure.code, answer.failure.words)
    if not answer.body.strip():
        return TwimlDocument(answer.url)
    if len(answer.body) > LARGEST:
        raise TwimlError(TOO_LARGE, "the answer is larger than 64 kB")
    content_type, _, rest = answer.header("content-type").partition(";")
    content_type = content_type.strip().lower()
    charset = _charset(rest)
    if content_type in XML_TYPES:
        return read_xml(answer.url, answer.body, charset)
    if content_type == "text/plain":
        body = outside.text(answer.body, charset)
        return TwimlDocument(answer.url, (MessageVerb(body=body.strip()),))
    if not content_type:
        raise TwimlError(RETRIEVAL, "the answer has no Content-Type")
    raise TwimlError(WRONG_CONTENT_TYPE, f"the Content-Type {content_type} is neither XML nor text")


def is_xml(answer: WebhookResponse) -> bool:
    """Whether an answer says that it is XML."""
    return answer.header("content-type").partition(";")[0].strip().lower() in XML_TYPES


def read_xml(url: str, text: bytes, charset: str | None = None) -> TwimlDocument:
    """What TwiML says.

    Raises:
        TwimlError: it is no XML, or not in a `<Response>`.
    """
    root = parse(text, charset)
    if root.name != "Response":
        raise TwimlError(NOT_A_RESPONSE, f"the root element is <{root.name}>, not <Response>")
    verbs: list[Verb] = []
    warnings: list[tuple[int, str]] = []

    def warn(words: str) -> None:
        warnings.append((UNKNOWN_ELEMENT, words))

    _know_attributes(root, (), warn)
    for element in _elements(root):
        if element.name in REPLIES:
            verbs.append(_message(element, warn))
        elif element.name == "Redirect":
            _know_attributes(element, ("method",), warn)
            verbs.append(RedirectVerb(url=_text(element), method=element.attributes.get("method")))
        else:
            warn(f"<{element.name}> is no verb of messaging")
    return TwimlDocument(url, tuple(verbs), tuple(warnings))


def parse(text: bytes, charset: str | None = None) -> Element:
    """The root of an XML document.

    Raises:
        TwimlError: it is none, or it declares entities.
    """
    top = Element("", {})
    open_elements = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        element = Element(name, attributes)
        open_elements[-1].content.append(element)
        open_elements.append(element)

    def end(_: str) -> None:
        open_elements.pop()

    def data(piece: str) -> None:
        open_elements[-1].content.append(piece)

    def entity(*_: object) -> None:
        raise TwimlError(NOT_XML, "the answer declares entities")

    declared = _DECLARED.match(text[:LONGEST_DECLARATION])
    if declared is not None and outside.charset(declared[1].decode()) is None:
        raise TwimlError(NOT_XML, f"the answer is no XML: unknown encoding {declared[1].decode()}")
    try:
        parser = expat.ParserCreate(charset)
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = data
        parser.EntityDeclHandler = entity
        parser.Parse(text, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise TwimlError(NOT_XML, f"the answer is no XML: {error}") from None
    return _elements(top)[0]


def _message(element: Element, warn: Callable[[str], None]) -> MessageVerb:
    attributes = element.attributes
    _know_attributes(element, ("to", "from", "action", "method", "statusCallback"), warn)
    bodies = [_text(element)]
    media: list[str] = []
    for part in _elements(element):
        if part.name == "Body":
            bodies.append(_text(part))
        elif part.name == "Media":
            media.append(_text(part))
        else:
            warn(f"<{part.name}> is no part of <{element.name}>")
            continue
        _know_attributes(part, (), warn)
    return MessageVerb(
        body="".join(bodies),
        media=tuple(media),
        to=attributes.get("to"),
        sender=attributes.get("from"),
        action=attributes.get("action"),
        status_callback=attributes.get("statusCallback"),
        method=attributes.get("method"),
    )


def _elements(element: Element) -> list[Element]:
    return [part for part in element.content if isinstance(part, Element)]


def _text(element: Element) -> str:
    """The text that stands in an element itself, without the space around it."""
    return "".join(part for part in element.content if isinstance(part, str)).strip()


def _know_attributes(element: Element, known: tuple[str, ...], warn: Callable[[str], None]) -> None:
    for name in element.attributes:
        if name not in known and not name.startswith("xml"):
            warn(f"<{element.name}> has no attribute {name}")


def _charset(parameters: str) -> str | None:
    """What the parameters of a content type say, when it is a charset of texts."""
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return outside.charset(value)
    return None
