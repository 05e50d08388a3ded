"""What the operator does on the command line: accounts, checks, backups, keys. Never Streamlit.

Its sentences are German only: the command line has no language switch.
"""


class Mistake(Exception):
    """Something the operator has to put right; the message is the German sentence to show."""
