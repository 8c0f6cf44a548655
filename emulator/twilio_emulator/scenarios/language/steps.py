"""Reading steps: which sentence a key is, and whose."""

from dataclasses import replace
from typing import Any

from twilio_emulator.scenarios.language import control_calls
from twilio_emulator.scenarios.language.problems import nearest
from twilio_emulator.scenarios.language.scenario import PHONE
from twilio_emulator.scenarios.language.sentence import SENTENCES, Sentence, Step
from twilio_emulator.scenarios.language.shapes import Reading
from twilio_emulator.scenarios.language.source import Node, Scalar, Sequence
from twilio_emulator.scenarios.operations import NamedOperation
from twilio_emulator.scenarios.sentences import calls, controls


class Steps:
    """The shape of a list of steps.

    Args:
        operations: what REST operations there are, by name.
    """

    def __init__(self, operations: dict[str, NamedOperation]) -> None:
        self.operations = operations
        self._calls: dict[str, Sentence] = {}
        by_length = sorted(SENTENCES.values(), key=lambda each: len(each.phrase), reverse=True)
        self._of_somebody = [sentence for sentence in by_length if sentence.by]

    def read(self, node: Node, reading: Reading) -> tuple[Step, ...]:
        """The steps, those that could be read."""
        if isinstance(node, Scalar) and node.is_empty:
            return ()
        if not isinstance(node, Sequence):
            reading.expect(node.place, 'expected a list of steps, each after a "- "')
            return ()
        steps = (self._step(item, reading) for item in node.items)
        return tuple(step for step in steps if step is not None)

    def _step(self, node: Node, reading: Reading) -> Step | None:
        if isinstance(node, Sequence):
            reading.expect(node.place, "expected a step, not a list")
            return None
        if isinstance(node, Scalar):
            return self._read(node, None, (), reading)
        if not node.pairs:
            reading.expect(node.place, "expected a step, not an empty mapping")
            return None
        (key, value), *beside = node.pairs
        return self._read(key, value, tuple(beside), reading)

    def _read(
        self,
        key: Scalar,
        value: Node | None,
        beside: tuple[tuple[Scalar, Node], ...],
        reading: Reading,
    ) -> Step | None:
        found = self._find(key, reading)
        if found is None:
            return None
        who, sentence = found
        says: Any = None
        empty = value is None or (isinstance(value, Scalar) and value.is_empty)
        if sentence.says is not None and not (empty and sentence.optional):
            says = sentence.says.read(value or Scalar(key.place, ""), reading)
        elif not empty and value is not None and sentence.says is None:
            reading.expect(value.place, f'expected nothing after "{key.text}:"')
        wanted = {name.text: node for name, node in beside}
        # what a step is called is known to the following ones, not to itself
        early = [(name, node) for name, node in beside if name.text != "as"]
        late = [(name, node) for name, node in beside if name.text == "as"]
        said = sentence.beside.pairs(key.place, [*early, *late], reading)
        if sentence.phrase in ("says", "gets") and "in" not in wanted:
            self._expect_one_talk(key, who, reading)
        return Step(key.place, key.text, sentence, who, says, said)

    def _expect_one_talk(self, key: Scalar, who: str | None, reading: Reading) -> None:
        if who is None or reading.kinds.get(who) == PHONE:
            return
        talks = reading.named("conversation")
        if len(talks) != 1:
            listed = f": {', '.join(talks)}" if talks else ", and there is none yet"
            reading.expect(key.place, f'expected "in:" with the conversation{listed}')

    def _find(self, key: Scalar, reading: Reading) -> tuple[str | None, Sentence] | None:
        """Whose sentence it is and which; None when it is not a sentence, which is noted."""
        text = key.text
        if text in self.operations:
            if text not in self._calls:
                self._calls[text] = calls.call_sentence(text, self.operations[text])
            return None, self._calls[text]
        if text in SENTENCES and not SENTENCES[text].by:
            return None, SENTENCES[text]
        if (call := controls.CALL.fullmatch(text)) is not None:
            problem = control_calls.problem(call[1], call[2])
            if problem is not None:
                reading.expect(key.place, f"expected {problem}")
                return None, controls.CONTROL
            if text == "POST /faults":
                return None, controls.FAULT_CALL
            return None, replace(controls.CONTROL, says=control_calls.body(call[1], call[2]))
        for sentence in self._of_somebody:
            if text.endswith(sentence.ending):
                return self._whose(key, text.removesuffix(sentence.ending), sentence, reading)
        reading.expect(key.place, f'expected a step, not "{text}"{self._nearest(text, reading)}')
        return None

    def _whose(
        self, key: Scalar, who: str, sentence: Sentence, reading: Reading
    ) -> tuple[str, Sentence] | None:
        kind = reading.kinds.get(who)
        if kind in sentence.by:
            return who, sentence
        names = reading.named(*sentence.by)
        if kind is None:
            expected = f'expected somebody who {sentence.phrase}, not "{who}"{nearest(who, names)}'
        else:
            article = f"somebody with a {' or a '.join(sentence.by)}"
            expected = f'expected {article} here; "{who}" is a {kind}'
        reading.expect(key.place, expected)
        return None

    def _nearest(self, text: str, reading: Reading) -> str:
        for name in sorted(reading.kinds, key=len, reverse=True):
            kind = reading.kinds[name]
            phrases = [s.phrase for s in SENTENCES.values() if kind in s.by]
            if phrases and text.startswith((f"{name} ", f"{name}'")):
                return nearest(text.removeprefix(name).lstrip(), phrases)
        if "." in text:
            return nearest(text, self.operations)
        alone = [s.phrase for s in SENTENCES.values() if not s.by]
        said = [
            name + sentence.ending
            for name, kind in reading.kinds.items()
            for sentence in SENTENCES.values()
            if kind in sentence.by
        ]
        return nearest(text, [*alone, *said])

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"$ref": "#/$defs/step"}}
