"""A notebook out of the sources of its cells, without nbformat: tools run before it is installed."""

from __future__ import annotations

import json
from collections.abc import Sequence


def notebook_text(sources: Sequence[str]) -> str:
    """One of nbformat 4.5, for Python, that has not been run."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": kernel},
            "cells": [code_cell(number, source) for number, source in enumerate(sources)],
        }
    )


def code_cell(number: int, source: str) -> dict[str, object]:
    return {
        "cell_type": "code",
        "id": f"cell-{number}",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": source,
    }
