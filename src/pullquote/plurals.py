"""How many of something, in words."""


def counted(number: int, noun: str) -> str:
    """``1 question``, ``1,200 questions``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
