import pytest

from twilio_emulator.core.kernel.patterns import BadPattern, is_in, python_pattern
from twilio_emulator.core.kernel.world import World


def test_a_pattern_is_in_a_text_or_not(world: World) -> None:
    assert is_in(world.compile_pattern, "^H.*o$", "Hello")
    assert not is_in(world.compile_pattern, "^H.*o$", "Hi")


@pytest.mark.parametrize("expression", ["(", "a{99999999999}", "(" * 5000 + ")" * 5000])
def test_what_is_no_pattern_is_in_nothing(world: World, expression: str) -> None:
    with pytest.raises(BadPattern):
        python_pattern(expression)
    assert not is_in(world.compile_pattern, expression, expression)
