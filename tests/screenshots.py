"""Pictures of every screen as every role sees it: `make screenshots`.

They are written to data/screenshots/<role>-<screen>-<width>.png, from demo data.
"""

import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from kisi.navigation import MENU
from tests.browsing import GERMAN, TABLET, NoChromium, running_chromium, settle, sign_in
from tests.running import ROOT, RunningKisi

ACCOUNTS = ("guide", "coordinator", "leadership", "admin")
SIZES = (TABLET, (1280, 800))
FOLDER = ROOT / "data" / "screenshots"


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        with running_chromium() as chromium, tempfile.TemporaryDirectory() as data:
            server = RunningKisi(Path(data))
            try:
                return photograph(chromium, server)
            finally:
                server.stop()
    except NoChromium as reason:
        print(reason, file=sys.stderr)
        return 1


def photograph(chromium: Browser, server: RunningKisi) -> int:
    for account in ACCOUNTS:
        for width, height in SIZES:
            context = chromium.new_context(
                viewport={"width": width, "height": height}, base_url=server.url, **GERMAN
            )
            page = context.new_page()
            sign_in(page, account)
            for path in reachable(page):
                page.goto(path)
                settle(page)
                page.wait_for_timeout(500)  # charts finish drawing after the script does
                whole_screen(page, FOLDER / f"{account}-{name_of(path)}-{width}.png")
            context.close()
    return 0


def reachable(page: Page) -> list[str]:
    """The screens of the menu that this account is offered, found by asking for each."""
    found = []
    for path in (screen.path for screens in MENU.values() for screen in screens):
        page.goto(path)
        settle(page)
        if not refused(page, path):
            found.append(path)
    return found


def refused(page: Page, path: str) -> bool:
    """Streamlit shows another screen, or says so in a dialog, where the menu has none."""
    return urlsplit(page.url).path != path or page.get_by_role("dialog").count() > 0


def whole_screen(page: Page, file: Path) -> None:
    """Streamlit scrolls inside the window, so the window is made as high as its content."""
    size = page.viewport_size
    assert size is not None
    content = page.locator('[data-testid="stMain"]').evaluate("main => main.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], int(content))})
    page.wait_for_timeout(300)
    page.screenshot(path=file, full_page=True)
    page.set_viewport_size(size)
    print(file.relative_to(ROOT))


def name_of(path: str) -> str:
    return path.strip("/").replace("/", "-") or "heute"


if __name__ == "__main__":
    sys.exit(main())
