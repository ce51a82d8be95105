"""`python -m jupyterlab_submit`: the same as `jupyter submit`, where that is not on PATH."""

from jupyterlab_submit.cli import main

main()
