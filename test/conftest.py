"""What all tests in Python share."""

import sys

# A grammar that jsonschema compiles at import, for formats that no notebook has: 2 s of each pytest.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
