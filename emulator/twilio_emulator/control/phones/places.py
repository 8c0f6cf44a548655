"""What paths say of phones and of what is on them."""

from twilio_emulator.control.routes import Place

PHONE = {
    "address": Place(
        words="The phone's number in E.164; a channel before it, as in `whatsapp:`, is not minded.",
        example="+12025550199",
    )
}
ITEM = {
    "item": Place(words="The `id` of a message on the phone.", example="SM" + "3" * 32),
}
CALL = {
    "call": Place(words="The `id` of a call to the phone.", example="CA" + "3" * 32),
}
MAILBOX = {
    "mailbox": Place(words="An e-mail address; its case is not minded.", example="ann@example.com"),
}
MAIL = {"mail": Place(words="The `id` of an e-mail.", example="EM" + "3" * 32)}
