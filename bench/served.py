"""KISI as it is, with one more page in its menu: the empty one, which every screen is compared to.

    python -m bench.served --port 8600

The menu of the product is untouched: the page exists in a process started this way only.
"""

import argparse

from kisi import navigation
from kisi.navigation import MENU, TODAY, Screen

EMPTY = Screen("../bench/empty", "/leer", "Leer", None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    section = next(name for name, screens in MENU.items() if TODAY in screens)
    navigation.MENU[section] = (*MENU[section], EMPTY)

    from kisi.server import serve

    serve(port)


if __name__ == "__main__":
    main()
