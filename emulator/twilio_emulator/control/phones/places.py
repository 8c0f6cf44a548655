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
