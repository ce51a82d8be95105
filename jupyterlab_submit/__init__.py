"""Run a notebook, unedited, on the cores of a cluster, and get it back executed."""
