"""What eyes and fingers would notice on a screen."""

import re
from typing import Any

from playwright.sync_api import Page

ENGLISH = re.compile(
    r"\b(the|and|your|you|please|choose|select|clear|open|close|search|loading|running|required|"
    r"press|enter|show|hide|day|month|year|help|skip|page|pages|add|remove|connection|download|"
    r"fullscreen|of|to|not|this|error|options?|results?|available|visualization|axis|titled|"
    r"upload|date|today|more|toggle|expand|collapse|sidebar|menu|deploy)\b",
    re.IGNORECASE,
)
GERMAN = re.compile(
    r"\b(und|oder|der|die|das|den|dem|des|ein|eine|einen|einer|ist|sind|wird|werden|nicht|noch|"
    r"kein|keine|keinen|nur|auch|bitte|sie|ihre|ihr|mit|von|zum|zur|auf|aus|bei|bis|nach|seit|"
    r"für|über|hier|heute|alle|neue|neuer|neues|zurück|speichern|suchen|zeigen|ändern|gespeichert|"
    r"überfällig|fällig|offen|erledigt|weitergeben|abmelden|anmelden|Sprachen?|Stellen?|Bedarfe?|"
    r"Verweise?|Personen|Zahlen|Konten|Protokoll|Uhr|Januar|Februar|März|Juni|Juli|Oktober|"
    r"Dezember)\b",
    re.IGNORECASE,
)
TARGET = 44  # CSS pixels

_WORDS = """() => {
  const words = [document.title], attributes = ["aria-label", "placeholder", "title", "alt"];
  const hidden = (element) => element.closest(
    '[lang]:not(html), script, style, noscript, option, [data-testid="stIconMaterial"]');
  const kinds = NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT;
  const walker = document.createTreeWalker(document.body, kinds);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (hidden(element) || !element.checkVisibility({visibilityProperty: true})) continue;
    if (node.nodeType === Node.TEXT_NODE) words.push(node.nodeValue);
    else for (const name of attributes) words.push(element.getAttribute(name) ?? "");
  }
  return words.map((one) => one.trim()).filter(Boolean);
}"""

# A field's frame and a box's label belong to the target: touching them works.
_SMALL = """(least) => {
  const wanted = 'a[href], button, input:not([type="hidden"]), select, textarea, summary, ' +
    '[role="button"], [role="radio"], [role="checkbox"], [role="option"], [role="tab"], ' +
    '[role="combobox"], [role="spinbutton"], [role="switch"], [role="link"]';
  const around = 'label, [data-testid="stTextInputRootElement"], [role="group"]';
  const small = [];
  for (const element of document.querySelectorAll(wanted)) {
    if (!element.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    if (element.matches(":disabled") || element.closest('[aria-hidden="true"]')) continue;
    let box = element.getBoundingClientRect();
    if (element.matches("input"))
      box = (element.closest(around) ?? element).getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1 || box.bottom <= 0) continue;
    if (box.width < least - 0.5 || box.height < least - 0.5)
      small.push(`${box.width}x${box.height} ${element.outerHTML.slice(0, 160)}`);
  }
  return small;
}"""


def words_on(page: Page) -> list[str]:
    """Everything there is to read or to hear, piece by piece; not what is marked as another
    language."""
    found: list[str] = page.evaluate(_WORDS)
    return found


def small_targets(page: Page) -> list[str]:
    """What is to be tapped and smaller than a fingertip."""
    found: list[str] = page.evaluate(_SMALL, TARGET)
    return found


def scrolls_sideways(page: Page) -> bool:
    return bool(
        page.evaluate(
            """() => [document.scrollingElement, document.querySelector('[data-testid="stMain"]')]
            .some((one) => one && one.scrollWidth > one.clientWidth + 1)"""
        )
    )


def focused(page: Page) -> dict[str, Any]:
    """The element that has the keyboard: its words, and whether one sees that it does."""
    found: dict[str, Any] = page.evaluate(
        """() => {
          const one = document.activeElement;
          const shows = (element) => {
            const style = getComputedStyle(element);
            return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)
              || /0px 0px 0px [2-9]/.test(style.boxShadow);
          };
          let seen = false;
          for (let up = one, steps = 0; up && steps < 5; up = up.parentElement, steps++)
            seen ||= shows(up);
          const label = one.labels?.[0]?.innerText ?? one.getAttribute("aria-label");
          const whole = one.matches("main, body");
          const words = whole ? "" : label ?? one.innerText ?? "";
          return {tag: one.tagName, words: words.trim(), seen: seen || whole};
        }"""
    )
    return found
