"""The JSON Schema of scenario files, so that editors complete and check while one types."""

from typing import Any

from twilio_emulator.scenarios.language.reader import Sections
from twilio_emulator.scenarios.language.sentence import SENTENCES, Sentence
from twilio_emulator.scenarios.operations import NamedOperation
from twilio_emulator.scenarios.sentences.calls import call_sentence
from twilio_emulator.scenarios.sentences.controls import CALL, CONTROL

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(operations: dict[str, NamedOperation]) -> dict[str, Any]:
    """The schema of a scenario file that may call these REST operations."""
    return {
        "$schema": DIALECT,
        "title": "A scenario of twilio-emulator",
        **Sections(operations).schema(),
        "$defs": {"step": _step(operations)},
    }


def _step(operations: dict[str, NamedOperation]) -> dict[str, Any]:
    """A step: a sentence as the key, its modifiers beside it; or a bare text."""
    calls = [call_sentence(name, operation) for name, operation in operations.items()]
    alone = [sentence for sentence in SENTENCES.values() if not sentence.by]
    somebodys = [sentence for sentence in SENTENCES.values() if sentence.by]
    shapes: dict[str, list[Any]] = {}
    for sentence in (*SENTENCES.values(), *calls[:1], CONTROL):
        for name, shape in sentence.beside.schema()["properties"].items():
            known = shapes.setdefault(name, [])
            known += [] if shape in known else [shape]
    beside = {name: each[0] if len(each) == 1 else {"anyOf": each} for name, each in shapes.items()}
    bare = [f"^{CALL.pattern}$"]
    bare += [_pattern(sentence) for sentence in SENTENCES.values() if sentence.optional]
    return {
        "anyOf": [
            {
                "type": "object",
                "minProperties": 1,
                "properties": {
                    **beside,
                    **{sentence.phrase: _says(sentence) for sentence in (*alone, *calls)},
                },
                "patternProperties": {
                    f"^{CALL.pattern}$": _says(CONTROL),
                    **{_pattern(each): _says(each) for each in somebodys},
                },
                "additionalProperties": False,
            },
            {"type": "string", "pattern": "|".join(bare)},
        ],
        "defaultSnippets": [_snippet(sentence) for sentence in SENTENCES.values()],
    }


def _says(sentence: Sentence) -> dict[str, Any]:
    said = sentence.says.schema() if sentence.says is not None else {"type": "null"}
    if sentence.optional and sentence.says is not None:
        said = {"anyOf": [said, {"type": "null"}]}
    return {**said, "description": f"{sentence.about} For example: {sentence.example}"}


def _pattern(sentence: Sentence) -> str:
    """What its key looks like: of "Ann's mailbox gets" and "Ann gets" each is the one alone."""
    if not sentence.by:
        return f"^{sentence.phrase}$"
    endings = [other.ending for other in SENTENCES.values() if other.by]
    longer = [each.removesuffix(sentence.ending) for each in endings]
    others = [each for each, ending in zip(longer, endings, strict=True) if each != ending and each]
    return f"{''.join(f'(?<!{each})' for each in others)}{sentence.ending}$"


def _snippet(sentence: Sentence) -> dict[str, Any]:
    return {
        "label": sentence.example.partition(":")[0],
        "description": sentence.about,
        "body": sentence.example,
    }
