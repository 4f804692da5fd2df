"""The table of refusals, and the one exception of the domain.

A refusal is an answer, not a fault: it says what happened, to what, and whether the same command may be tried again.
Nothing here tells what the person may not know: a hidden room and a missing one are both `not_found`.
"""

from __future__ import annotations

import msgspec

Fact = str | int


class Row(msgspec.Struct, frozen=True):
    """One refusal: its sentence, whether trying again can help, and the HTTP status that carries it."""

    message: str
    retryable: bool = False
    status: int = 400


REFUSALS: dict[str, Row] = {
    "bad_request": Row("The command does not have the form that protocol.md gives it."),
    "unknown_command": Row("There is no command of that name."),
    "too_large": Row("The request is larger than the server reads.", status=413),
    "not_found": Row("There is no such room or case, or it is none of yours.", status=404),
    "not_permitted": Row("Your role may not do this here.", status=403),
    "signed_out": Row("This session has ended. Sign in again.", status=401),
    "wrong_credentials": Row("The name and the password do not belong together.", status=401),
    "wrong_second_factor": Row("This code is not right, or was used before. Wait for the next one.", status=403),
    "ticket_over": Row("Signing in took too long. Begin again with your name and password.", status=401),
    "prove_again": Row("Show your second factor again with session.prove, then ask once more.", status=403),
    "wrong_code": Row("This code is not known. Check the letters against your letter.", status=403),
    "code_expired": Row("This code is no longer valid. Ask the municipality for a new letter.", status=403),
    "code_used_up": Row("This code has been used by as many people as it was made for.", status=403),
    "name_taken": Row("Somebody in town has this name, or one that looks like it. Choose another.", status=409),
    "name_not_allowed": Row("This name can't be used: it is too short or too long, or reads like an authority."),
    "weak_password": Row("A password has 8 to 200 characters and is not one of the most common ones."),
    "too_many_attempts": Row("Too many attempts. Wait before you try again.", retryable=True, status=429),
    "too_fast": Row("You are writing faster than the room can follow. Wait a moment.", retryable=True, status=429),
    "busy": Row("Too much is waiting. Try again in a moment.", retryable=True, status=503),
    "muted": Row("A moderator has muted you in this room.", status=403),
    "room_locked": Row("A moderator has locked this room for now.", retryable=True, status=403),
    "stale": Row("This command is older than what the server remembers of your device; it was not carried out again."),
    "client_id_reused": Row("This client_id was used for another command."),
    "wrong_target": Row("There is no entry of that number that this can be done to."),
    "too_late": Row("Your own message can be changed for 15 minutes."),
    "call_112_first": Row("Say first whether 112 has been called: called, called_by_other or not_urgent."),
    "wrong_state": Row("It is in a state in which this can't be done.", status=409),
    "already_taken": Row("Somebody else has this case already.", status=409),
    "nobody_on_duty": Row("Nobody there is on duty; the case stays with you.", status=409),
    "not_on_duty": Row("Go on duty first.", status=409),
    "no_ground": Row("Nothing lets you into this room now: no case, report, alert or arrangement.", status=403),
    "conflict_of_interest": Row("Somebody else must decide this: it is about you, or you decided before.", status=403),
    "outside_jurisdiction": Row("This place is outside your area.", status=403),
    "nobody_there": Row("Nobody who lives there is a member; it would reach no one.", status=409),
    "preview_gone": Row("Look again before you send: this preview is over, was used, or is not yours.", status=409),
    "code_mismatch": Row("Type the code of the preview; this is another."),
    "second_officer": Row("Somebody else must approve what you have made.", status=403),
    "storage_low": Row(
        "The store is nearly full; talk waits so that warnings keep their place.", retryable=True, status=503
    ),
    "draining": Row(
        "The server is about to restart. Your client will come back by itself.", retryable=True, status=503
    ),
    "unavailable": Row(
        "The store does not answer. Nothing is lost: your client tries again.", retryable=True, status=503
    ),
    "fault": Row("Something went wrong on our side.", retryable=True, status=500),
}


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """No, and why.

    code: a key of REFUSALS.  facts: `field` (what was wrong with the payload), `retry_after_ms`, `owner` (who has it),
    or ids a person may know.  The sentence of the table is the message unless `message` is given.
    """

    def __init__(self, code: str, *, message: str | None = None, **facts: Fact) -> None:
        super().__init__(code)
        self.code, self.row, self.facts = code, REFUSALS[code], facts
        self.message = message or self.row.message

    @classmethod
    def of(cls, code: str, facts: dict[str, Fact]) -> Refusal:
        """The refusal with these facts, as a script names them."""
        refusal = cls(code)
        refusal.facts.update(facts)
        return refusal

    def reply(self) -> dict[str, object]:
        """The refusal as it goes over the wire: {ok: false, error: {code, message, retryable, ...facts}}."""
        error = {"code": self.code, "message": self.message, "retryable": self.row.retryable, **self.facts}
        return {"ok": False, "error": error}
