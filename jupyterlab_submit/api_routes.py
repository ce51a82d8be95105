"""The requests of a page that reach the sidecar: everything else ends here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from jupyterlab_submit.rewrite import Rewrite, with_caller, with_form_and_caller


@dataclass(frozen=True)
class ApiRoute:
    """One of the sidecar's routes (src/api/routes.ts).

    `action` is what Jupyter's authorizer is asked about: looking at jobs is `read`; whatever may run
    a program, here or on a cluster, or change or end a job is `execute`.
    """

    method: str
    path: str
    action: Literal["read", "execute"]
    rewrite: Rewrite | None = None


# An id as JobId of src/api/job.ts has it.
JOB = "api/jobs/[a-z][a-z0-9]{7}"
# A UUID, as src/sidecar/remote/questions.ts makes them.
QUESTION = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"

API_ROUTES = (
    ApiRoute("GET", "api/ping", "read"),
    ApiRoute("GET", "api/events", "read"),
    ApiRoute("GET", "api/jobs", "read"),
    ApiRoute("GET", JOB, "read"),
    ApiRoute("GET", f"{JOB}/files", "read"),
    ApiRoute("GET", f"{JOB}/script", "read"),
    ApiRoute("GET", f"{JOB}/log", "read"),
    ApiRoute("POST", "api/notices/told", "execute"),
    ApiRoute("POST", f"api/questions/{QUESTION}", "execute"),
    ApiRoute("POST", "api/clusters", "execute", with_caller),
    ApiRoute("POST", "api/clusters/check", "execute", with_caller),
    ApiRoute("POST", "api/clusters/recover", "execute", with_caller),
    ApiRoute("POST", "api/check", "execute", with_form_and_caller),
    ApiRoute("PUT", JOB, "execute", with_form_and_caller),
    ApiRoute("DELETE", JOB, "execute"),
    ApiRoute("POST", f"{JOB}/cancel", "execute"),
    ApiRoute("POST", f"{JOB}/fetch", "execute"),
    ApiRoute("POST", f"{JOB}/refresh", "execute"),
)


def route_of(method: str, path: str) -> ApiRoute | None:
    """The route of a request; `path` has no escapes any more, and is forwarded as it was matched."""
    return next(
        (
            route
            for route in API_ROUTES
            if route.method == method and re.fullmatch(route.path, path, re.ASCII)
        ),
        None,
    )
