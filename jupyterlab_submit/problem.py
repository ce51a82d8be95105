"""What cannot be done, told to the person."""


class Problem(Exception):
    """A sentence that says what happened, and one that says what to do."""
