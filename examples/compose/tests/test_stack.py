"""The stack as a customer sees it, who has a phone and nothing else."""

from twilio_emulator import Emulator

ANN = "+12025550199"


def test_the_shop_answers_at_once(twilio_emulator: Emulator) -> None:
    ann = twilio_emulator.handset(ANN)
    ann.send("Where is my parcel?", to="+12025550100")
    assert ann.wait(contains="moment", timeout=30).peer == "+12025550100"
    assert ann.wait(contains="door", timeout=30)


def test_what_the_desk_knows_comes_with_a_picture(twilio_emulator: Emulator) -> None:
    ann = twilio_emulator.handset(ANN)
    ann.send("And my other parcel?", to="+12025550100")
    answer = ann.wait(contains="at your door", timeout=30)
    assert answer.body == "It is at your door."
    assert [each["content_type"] for each in answer.media] == ["image/png"]


def test_both_apps_believe_what_is_signed(twilio_emulator: Emulator) -> None:
    ann = twilio_emulator.handset(ANN)
    ann.send("Is it there?", to="+12025550100")
    assert ann.wait(contains="door", timeout=30)
    told = {each["url"]: each["status"] for each in twilio_emulator.webhooks}
    assert told["http://shop:8000/sms"] == 200
    assert told["http://desk:3000/sms"] == 204
    assert 403 not in told.values()
