from tests.conformance.coverage import PAGE, README, page, readme
from tests.conformance.referee import Referee


def test_the_page_is_up_to_date(referee: Referee) -> None:
    assert PAGE.read_text() == page(), "run `make docs`"
    assert README.read_text() == readme(), "run `make docs`"


def test_it_says_that_all_of_conversations_is_there() -> None:
    assert "`https://conversations.twilio.com`: all 103 operations." in PAGE.read_text()
