"""What a reader of outside data raises when they are not of the shape that it reads."""


class MisreadError(ValueError):
    """``field`` says where it is wrong, ``reason`` what would do."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason
