"""What the ledger refuses, as sentences for the person who asked: name, cause, remedy."""


class LedgerError(Exception):
    """``field`` names the form field the sentence belongs to, when there is one."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class ApprovalError(LedgerError):
    """The document cannot be approved as it stands; nothing was changed."""
