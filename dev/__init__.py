"""What run.py runs. Standard library only: it is here before anything is installed."""
