"""The private IPYTHONDIR of a job."""

import json
from types import SimpleNamespace

import pytest

from jupyterlab_submit.runner.ipython_directory import IPythonDirectory


@pytest.fixture
def directory(tmp_path):
    job = SimpleNamespace(
        folder=tmp_path, work=tmp_path, program="/nowhere.pyz", launch={"argv": []}
    )
    directory = IPythonDirectory(job)
    directory.write(2)
    (directory.controller_profile / "security").mkdir()
    return directory


def shared(directory):
    return sorted(file.name for file in directory.security.glob("ipcontroller-*"))


def test_engines_see_no_connection_file_before_both_are_whole(directory):
    client = directory.controller_profile / "security" / "ipcontroller-client.json"
    engine = directory.controller_profile / "security" / "ipcontroller-engine.json"
    whole = json.dumps({"registration": 5000})
    for client_text, engine_text in ((None, whole), ("", whole), ('{"registr', whole)):
        if client_text is not None:
            client.write_text(client_text)
        engine.write_text(engine_text)
        directory.share_connection_files()
        assert shared(directory) == []
    client.write_text(whole)
    engine.write_text('{"registr')
    directory.share_connection_files()
    assert shared(directory) == ["ipcontroller-client.json"]
    engine.write_text(whole)
    directory.share_connection_files()
    directory.share_connection_files()
    assert shared(directory) == ["ipcontroller-client.json", "ipcontroller-engine.json"]
    assert json.loads((directory.security / "ipcontroller-engine.json").read_text()) == {
        "registration": 5000
    }
