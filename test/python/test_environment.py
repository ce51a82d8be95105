from __future__ import annotations

import pytest

from jupyterlab_submit.environment import callers_environment, without_secrets


@pytest.mark.parametrize(
    "name",
    [
        "CONFIGPROXY_AUTH_TOKEN",
        "JPY_API_TOKEN",
        "JPY_SESSION_NAME",
        "JUPYTERHUB_API_TOKEN",
        "JUPYTERHUB_COOKIE_SECRET",
        "JUPYTERHUB_CRYPT_KEY",
        "JUPYTER_TOKEN",
        "JUPYTER_TOKEN_FILE",
        "JUPYTER_PASSWORD",
    ],
)
def test_what_lets_somebody_act_as_the_server_stays(name: str):
    assert without_secrets({name: "x"}) == {}
    assert callers_environment({name: "x"}) == {}


@pytest.mark.parametrize(
    "name",
    [
        "PATH",
        "SSH_AUTH_SOCK",
        "KRB5CCNAME",
        "JUPYTER_PATH",
        "JUPYTERHUB_USER",
        "MY_TOKEN",
        "JUPYTER",
    ],
)
def test_everything_else_goes_along(name: str):
    assert callers_environment({name: "x"}) == {name: "x"}


def test_our_own_is_for_our_own_programs():
    assert callers_environment({"JUPYTERLAB_SUBMIT_JOB": "x"}) == {}
    assert without_secrets({"JUPYTERLAB_SUBMIT_JOB": "x"}) == {"JUPYTERLAB_SUBMIT_JOB": "x"}
