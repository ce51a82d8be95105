"""What cannot be measured on this machine."""


class LeftOut(Exception):
    """Why, and what to do: a sentence for the person."""
