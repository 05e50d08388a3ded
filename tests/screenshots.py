"""Pictures of every screen as every role sees it: `make screenshots`.

They are written to data/screenshots/<account>-<screen>-<width>.png, from demo data.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.views import PLAIN, ROLES, opened_records, screens
from tests.browsing import GERMAN, TABLET, NoChromium, running_chromium, settle, sign_in
from tests.running import ROOT, RunningKisi

SIZES = (TABLET, (1280, 800))
FOLDER = ROOT / "data" / "screenshots"


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        with running_chromium() as chromium, tempfile.TemporaryDirectory() as data:
            server = RunningKisi(Path(data))
            try:
                for width, height in SIZES:
                    photograph(chromium, server, width, height)
            finally:
                server.stop()
    except NoChromium as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


def photograph(chromium: Browser, server: RunningKisi, width: int, height: int) -> None:
    size = {"width": width, "height": height}
    options = {"viewport": size, "base_url": server.url, **GERMAN}
    for account in ROLES:
        with chromium.new_context(**options) as context:
            page = context.new_page()
            if account == "guide":
                page.goto("/anmelden")
                take(page, f"anmelden-{width}")
            sign_in(page, account)
            for name, path in (screens(account) | opened_records(account, server.data)).items():
                page.goto(path)
                settle(page)
                page.wait_for_timeout(500)  # charts finish drawing after the script does
                whole_screen(page, f"{account}-{name}-{width}")
            for name, path in PLAIN.items():
                page.goto(path)
                take(page, f"{account}-{name}-{width}")


def whole_screen(page: Page, name: str) -> None:
    """Streamlit scrolls inside the window, so the window is made as high as its content."""
    size = page.viewport_size
    assert size is not None
    content = page.locator('[data-testid="stMain"]').evaluate("main => main.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], int(content))})
    page.wait_for_timeout(300)
    take(page, name)
    page.set_viewport_size(size)


def take(page: Page, name: str) -> None:
    file = FOLDER / f"{name}.png"
    page.screenshot(path=file, full_page=True)
    print(file.relative_to(ROOT))


if __name__ == "__main__":
    sys.exit(main())
