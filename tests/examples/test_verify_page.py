"""What the pages of products show, done as they say."""

import pytest

from tests.examples.snippets import snippets

PAGES = ("verify", "lookup", "sync", "conversations-v2")


@pytest.mark.parametrize("page", [f"docs/{page}.md" for page in PAGES])
def test_the_tests_of_a_page_pass(page: str, pytester: pytest.Pytester) -> None:
    shown = [each.text for each in snippets(page) if each.language == "python"]
    pytester.makepyfile(**{f"test_{at}": each for at, each in enumerate(shown)})
    done = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    done.assert_outcomes(passed=len(shown))
