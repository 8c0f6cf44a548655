"""What docs/verify.md, docs/lookup.md and docs/sync.md show, done as they say."""

import pytest

from tests.examples.snippets import snippets


@pytest.mark.parametrize("page", ["docs/verify.md", "docs/lookup.md", "docs/sync.md"])
def test_the_tests_of_a_page_pass(page: str, pytester: pytest.Pytester) -> None:
    shown = [each.text for each in snippets(page) if each.language == "python"]
    pytester.makepyfile(**{f"test_{at}": each for at, each in enumerate(shown)})
    done = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    done.assert_outcomes(passed=len(shown))
