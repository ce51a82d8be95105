"""What Jupyter's authorizer is asked about."""

# The name of the resource of all handlers; the actions are `read` and `execute`.
AUTH_RESOURCE = "jupyterlab_submit"
