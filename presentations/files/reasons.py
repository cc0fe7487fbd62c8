"""Why an S3 store did not do what it was asked: the little of an error that is fit to be told.

An error of obstore holds what the other side sent, which may be anything: a proxy's page, or what was signed.
"""

from __future__ import annotations

NO_SUCH_FILE = "NoSuchKey"
_LONGEST = 60
# Where AWS's own machines are told who they are.
_TELLS_WHO_ASKS = "/latest/"
# How obstore 0.12 tells them, and what that means. In this order: what is found first, counts.
_SIGNS = {
    "kind: Timeout": "it did not answer in time",
    "InvalidCertificate": "its certificate cannot be trusted",
    "kind: Connect": "no connection to it",
    "kind: Decode": "what it sent broke off",
    "kind: Request": "the connection to it broke off",
}


def code_of(error: Exception) -> str:
    """What S3 calls the error, such as NoSuchBucket; empty when it has no such word."""
    found = str(error).partition("<Code>")[2].partition("</Code>")[0]
    return found if found.isascii() and found.isalnum() and len(found) <= _LONGEST else ""


def why(error: Exception) -> str:
    """The end of a sentence: why the store did not answer as it should."""
    text = str(error)
    if _TELLS_WHO_ASKS in text.partition("\n")[0]:
        return "AWS_ACCESS_KEY_ID is not set, and AWS does not say who asks"
    if code := code_of(error):
        return f"it answers {code}"
    status = text.partition("status code: ")[2][:3]
    if status.isascii() and status.isdigit():
        return f"it answers {status}"
    return next((said for sign, said in _SIGNS.items() if sign in text), type(error).__name__)
