/* What Streamlit cannot do by itself: German for its built-in words, an honest notice when the connection
   breaks, an empty screen when the session has ended, sign-out by POST, Ctrl+S. Nothing is stored. */
(() => {
  "use strict";
  const GERMAN = document.documentElement.lang.startsWith("de");
  const SAY = GERMAN
    ? {
        lost: "Die Verbindung ist unterbrochen. Ihre Eingaben bleiben erhalten – bitte warten und nicht neu laden.",
        back: "Die Verbindung ist wieder da.",
        endedTitle: "Sitzung beendet – KISI",
        ended: "Ihre Sitzung ist beendet.",
        endedHint: "Bitte melden Sie sich neu an. Ihre Entwürfe sind gespeichert.",
        signIn: "Neu anmelden",
      }
    : {
        lost: "The connection is interrupted. Your entries are kept – please wait and do not reload the page.",
        back: "The connection is back.",
        endedTitle: "Session ended – KISI",
        ended: "Your session has ended.",
        endedHint: "Please sign in again. Your drafts are saved.",
        signIn: "Sign in again",
      };

  // ---------- German for Streamlit's own words ----------

  const WORDS = {
    // frame, navigation, messages
    "Skip to main content": "Zum Hauptinhalt springen", "App pages": "Seiten", "Main menu": "Hauptmenü", "Navigate to home page": "Zur Startseite",
    "Sidebar": "Seitenleiste", "Collapse sidebar": "Seitenleiste einklappen", "Expand sidebar": "Seitenleiste ausklappen", "View more": "Mehr anzeigen", "View less": "Weniger anzeigen",
    "More": "Mehr", "Link to heading": "Link zur Überschrift", "Close": "Schließen", "Dismiss": "Schließen", "Cancel": "Abbrechen", "Cancel (Escape)": "Abbrechen (Escape)", "Help": "Hilfe",
    "Notifications": "Meldungen", "Running...": "Wird ausgeführt …", "Running": "Wird ausgeführt", "Stop": "Abbrechen", "Stopping...": "Wird abgebrochen …", "Rerun": "Neu ausführen", "Always rerun": "Immer neu ausführen",
    "Print": "Drucken", "Please wait...": "Bitte warten …", "Loading...": "Wird geladen …", "Connecting": "Verbindung wird aufgebaut", "Error": "Fehler", "Error:": "Fehler:", "progress": "Fortschritt", "Logo": "KISI", "App Logo": "KISI", "Scroll tabs left": "Nach links blättern", "Scroll tabs right": "Nach rechts blättern",
    "Connection error": "Verbindung unterbrochen", "Connection timed out.": "Der Server antwortet nicht.", "Connection closed": "Verbindung beendet", "Network error": "Netzwerkfehler",
    "Reconnected to server.": "Die Verbindung ist wieder da.", "Connecting to Streamlit server": "Verbindung wird aufgebaut", "Unable to connect to Streamlit server": "Keine Verbindung zum Server", "Connection lost. Please wait for the app to reconnect, then try again.": "Die Verbindung ist unterbrochen. Bitte warten Sie und versuchen Sie es dann noch einmal.",
    "Streamlit server is not responding. Are you connected to the internet?": "Der Server antwortet nicht. Bitte prüfen Sie die Netzwerkverbindung.", "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:": "Der Server antwortet nicht. Bitte warten Sie einen Augenblick.",
    "Script execution error": "Fehler", "Unknown error": "Unbekannter Fehler", "Unknown Error": "Unbekannter Fehler", "Try again": "Noch einmal versuchen", "Continue anyway": "Trotzdem fortfahren",
    // fields
    "(required)": "(Pflichtfeld)", "This field is required.": "Bitte füllen Sie dieses Feld aus.", "Invalid input.": "Diese Eingabe ist nicht gültig.", "Invalid value.": "Diese Eingabe ist nicht gültig.",
    "Clear value": "Eingabe löschen", "Clear entry": "Eingabe löschen", "Clear all": "Alle entfernen", "Open": "Öffnen", "Decrement": "Verringern", "Increment": "Erhöhen",
    "Show password": "Passwort anzeigen", "Hide password": "Passwort verbergen", "Show password text": "Passwort anzeigen", "Hide password text": "Passwort verbergen", "Show suggestions": "Vorschläge anzeigen", "Suggestions": "Vorschläge",
    "Choose an option": "Bitte wählen", "Choose options": "Bitte wählen", "Choose or add an option": "Wählen oder hinzufügen", "Choose or add options": "Wählen oder hinzufügen", "Select...": "Bitte wählen", "No options to select": "Keine Auswahl vorhanden", "Selected values": "Ausgewählt", "Select all": "Alle auswählen", "No results": "Keine Treffer", "Selectbox": "Auswahl", "Selectbox options": "Auswahl", "All selected options have been cleared.": "Die Auswahl ist aufgehoben.",
    "Press Enter to apply": "Eingabetaste zum Übernehmen", "Press Enter to submit form": "Eingabetaste zum Absenden", "Press Ctrl+Enter to apply": "Strg+Eingabe zum Übernehmen", "Press Ctrl+Enter to submit form": "Strg+Eingabe zum Absenden", "Press ⌘+Enter to apply": "⌘+Eingabe zum Übernehmen", "Press ⌘+Enter to submit form": "⌘+Eingabe zum Absenden",
    "Feedback rating": "Bewertung", "Thumbs up": "Daumen hoch", "Thumbs down": "Daumen runter", "Very dissatisfied": "sehr unzufrieden", "Dissatisfied": "unzufrieden", "Neutral": "teils, teils", "Satisfied": "zufrieden", "Very satisfied": "sehr zufrieden", "Button action menu": "Weitere Aktionen",
    // dates
    "Choose date": "Kalender öffnen", "Choose date range": "Kalender öffnen", "Choose date and time": "Kalender öffnen", "Clear date": "Datum löschen", "Clear dates": "Daten löschen", "Clear date and time": "Datum und Uhrzeit löschen", "Clear time": "Uhrzeit löschen", "Date range": "Zeitraum", "Quick select a date range": "Zeitraum schnell wählen",
    "Calendar": "Kalender", "Previous": "Zurück", "Next": "Weiter", "Previous month": "Voriger Monat", "Next month": "Nächster Monat", "Time": "Uhrzeit", "Hours": "Stunden", "Minutes": "Minuten", "Today": "Heute", "Start Date": "Anfangsdatum", "End Date": "Enddatum", "First available date": "Erstes verfügbares Datum", "Last available date": "Letztes verfügbares Datum",
    "Past Week": "Letzte Woche", "Past Month": "Letzter Monat", "Past 3 Months": "Letzte 3 Monate", "Past 6 Months": "Letzte 6 Monate", "Past Year": "Letztes Jahr", "Past 2 Years": "Letzte 2 Jahre", "Select a month": "Monat wählen", "Select a year": "Jahr wählen", "Month": "Monat", "Year": "Jahr",
    "Click to start selecting date range": "Klicken, um den Zeitraum zu beginnen", "Click to finish selecting date range": "Klicken, um den Zeitraum zu beenden", "Selected date unavailable.": "Dieses Datum ist nicht verfügbar.",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.": "Pfeiltasten bewegen, Eingabe wählt, Escape schließt.", "Use arrow keys to navigate. Enter to select. Tab to switch between calendar and time. Escape to close.": "Pfeiltasten bewegen, Eingabe wählt, Tabulator wechselt zwischen Kalender und Uhrzeit, Escape schließt.",
    "End date must be >= start date": "Das Ende darf nicht vor dem Anfang liegen.", "Start date must be before end date.": "Das Ende darf nicht vor dem Anfang liegen.", "Hours must be 0–23.": "Stunden von 0 bis 23.", "Minutes must be 0–59.": "Minuten von 0 bis 59.", "Seconds must be 0–59.": "Sekunden von 0 bis 59.", "Invalid time format. Please use HH:MM.": "Bitte die Uhrzeit als HH:MM eingeben.", "Invalid time format. Please use HH:MM:SS or HH:MM.": "Bitte die Uhrzeit als HH:MM eingeben.", "Empty": "leer", "day": "Tag", "month": "Monat", "year": "Jahr", "hour": "Stunde", "minute": "Minute", "dd": "TT", "mm": "MM", "yyyy": "JJJJ",
    // files and camera
    "Upload": "Datei auswählen", "Browse files": "Datei auswählen", "file upload": "Datei auswählen", "Add files": "Dateien hinzufügen", "Upload directories": "Ordner auswählen", "Drag and drop a file here": "Datei hierher ziehen", "Drag and drop file here": "Datei hierher ziehen", "Drag and drop files here": "Dateien hierher ziehen", "Drag and drop directories here": "Ordner hierher ziehen", "Drop files here": "Dateien hier ablegen", "Error uploading file": "Die Datei konnte nicht hochgeladen werden.", "Error deleting file": "Die Datei konnte nicht entfernt werden.", "Uploading": "Wird hochgeladen",
    "Take Photo": "Foto aufnehmen", "Clear photo": "Foto löschen", "Switch camera": "Kamera wechseln", "Snapshot": "Aufnahme", "This app would like to use your camera.": "KISI möchte die Kamera benutzen.", "Learn how to allow access.": "So erlauben Sie den Zugriff.",
    // tables and charts
    "Fullscreen": "Vollbild", "Close fullscreen": "Vollbild schließen", "Show data": "Daten anzeigen", "Show chart": "Diagramm anzeigen", "Copy to clipboard": "Kopieren", "Copy": "Kopieren", "Copied": "Kopiert", "Show/hide columns": "Spalten ein- und ausblenden", "Download as CSV": "Als CSV herunterladen", "Download as PNG": "Als PNG herunterladen", "Copy Vega-Lite spec": "Diagrammdefinition kopieren",
    "Search": "Suchen", "Type to search": "Suchbegriff", "Previous Result": "Voriger Treffer", "Next Result": "Nächster Treffer", "Close Search": "Suche schließen", "Clear selection": "Auswahl aufheben", "Add row": "Zeile hinzufügen", "Delete row(s)": "Zeilen löschen", "empty": "leer", "No data": "Keine Daten", "No content": "Kein Inhalt", "Failed to load data": "Die Daten konnten nicht geladen werden.", "Toolbar action": "Aktion",
    "Dataframe column menu": "Spaltenmenü", "Copy column name": "Spaltennamen kopieren", "Sort ascending": "Aufsteigend sortieren", "Sort descending": "Absteigend sortieren", "Format": "Format", "Autosize": "Breite anpassen", "Pin column": "Spalte anheften", "Unpin column": "Spalte lösen", "Hide column": "Spalte ausblenden", "Statistics": "Statistik", "Wrap": "Umbrechen", "Automatic": "Automatisch", "Localized": "Deutsch", "Percent": "Prozent", "Count": "Anzahl", "Sum": "Summe", "Average": "Mittelwert", "Distinct": "Verschiedene",
    "Pagination": "Seitenauswahl", "Previous page": "Vorige Seite", "Next page": "Nächste Seite", "Vega visualization": "Diagramm", "visualization": "Diagramm", "axis": "Achse", "legend": "Legende", "add icon": "Hinzufügen",
    "Record a screencast": "Bildschirm aufnehmen", "Screencast": "Bildschirmaufnahme", "Start recording!": "Aufnahme starten", "Stop recording": "Aufnahme beenden", "Cancel recording": "Aufnahme abbrechen", "Also record audio": "Ton mit aufnehmen",
  };
  const UNITS = { day: "Tag", month: "Monat", year: "Jahr", hour: "Stunde", minute: "Minute", second: "Sekunde" };
  const MONTHS = { January: "Januar", February: "Februar", March: "März", May: "Mai", June: "Juni", July: "Juli", October: "Oktober", December: "Dezember" };
  const date = (text) => text.replace(/([A-Z][a-z]+) (\d{1,2}), (\d{4})/g, (_, month, day, year) => `${day}. ${MONTHS[month] ?? month} ${year}`);
  const PATTERNS = [
    [/^Help for (.*)$/, "Hilfe zu: $1"],
    [/^(day|month|year|hour|minute|second), (.*)$/, (_, unit, label) => `${UNITS[unit]}, ${inGerman(label) ?? label}`],
    [/^(day|month|year|hour|minute|second), $/, (_, unit) => UNITS[unit]],
    [/^(.*?),? start date$/i, "$1, von"],
    [/^(.*?),? end date$/i, "$1, bis"],
    [/^(Choose date(?: range| and time)?), (.*)$/, "Kalender öffnen, $2"],
    [/^Selected Date: (.*)$/, (_, day) => `Ausgewähltes Datum: ${date(day)}`],
    [/^Selected Range: (.*) to (.*)$/, (_, from, to) => `Ausgewählter Zeitraum: ${date(from)} bis ${date(to)}`],
    [/^Selected Time: (.*)$/, "Ausgewählte Zeit: $1"],
    [/^([\d.,]+) ?([KMG]?B) per file$/, "höchstens $1 $2 je Datei"],
    [/^(.*) files are not allowed\.$/, "Diese Art Datei ist nicht erlaubt ($1)."],
    [/^File must be ([\d.,]+) ?([KMG]?B) or smaller\.$/, "Die Datei ist größer als $1 $2."],
    [/^Remove (.*)$/, "$1 entfernen"],
    [/^Add: (.*)$/, "Hinzufügen: $1"],
    [/^Select (\d+) matches$/, "$1 Treffer auswählen"],
    [/^(\d+) options? available\.$/, "$1 Möglichkeiten."],
    [/^You can only select up to (\d+) .*$/, "Höchstens $1 Angaben sind möglich. Bitte entfernen Sie zuerst eine."],
    [/^Error: Number is outside the allowed range\. Please enter a value between (.*) and (.*)\.$/, "Bitte geben Sie einen Wert zwischen $1 und $2 ein."],
    [/^Value must be (.*) or earlier\.$/, (_, day) => `Spätestens ${date(day)}.`],
    [/^Value must be (.*) or later\.$/, (_, day) => `Frühestens ${date(day)}.`],
    [/^Page (\d+)$/, "Seite $1"],
    [/^Rating (\d+)$/, "Bewertung $1"],
    [/^(\d) out of (\d) stars?$/, "$1 von $2 Sternen"],
    [/^(Show data|Show chart|Copy Vega-Lite spec|Download as (?:PNG|CSV)|Fullscreen|Close fullscreen): (.*)$/, (_, action, chart) => `${WORDS[action]}: ${chart}`],
    [/^Shortcut (.*)$/, "Tastenkürzel $1"],
    [/^X-axis titled '(.*?)' .*$/, "x-Achse: $1"],
    [/^Y-axis titled '(.*?)' .*$/, "y-Achse: $1"],
    [/^Title text '(.*)'$/, "Titel: $1"],
  ];
  // Streamlit shows its own dialogs through the same Markdown as ours; these sentences are known to be its own.
  const IN_MARKDOWN = new Map([
    ["Page not found", "Seite nicht gefunden"],
    ["Connection error", WORDS["Connection error"]],
    ["Error", "Fehler"],
  ]);
  const NOT_FOUND = /^The page that you have requested does not seem to exist\.?( Running the app's main page\.)?$/;
  const NOT_FOUND_GERMAN = "Diese Seite gibt es nicht, oder Sie haben keinen Zugriff. Die Startseite wird angezeigt.";

  const ATTRIBUTES = ["aria-label", "placeholder", "title", "aria-valuetext", "alt", "aria-roledescription"];
  const THEIR_DATA = '[data-testid="stMarkdownContainer"], [data-testid="stTable"], [data-testid="stHtml"], [data-testid="stText"], [data-testid="stFileChipName"], [data-tag], pre, code, textarea, script, style, [contenteditable="true"]:not([role="spinbutton"])';
  // In a list of choices only Streamlit's own entries may change: somebody may be called "Open".
  const OWN_CHOICES = /^(Select all|No results|Add: .*|Select \d+ matches|Past .*)$/;

  function inGerman(words) {
    if (Object.hasOwn(WORDS, words)) return WORDS[words];
    if (NOT_FOUND.test(words)) return NOT_FOUND_GERMAN;
    for (const [pattern, german] of PATTERNS) if (pattern.test(words)) return words.replace(pattern, german);
    return null;
  }

  function germanText(words, element) {
    if (element.closest('[data-testid="stFileUploaderDropzone"]')) return inGerman(words);
    if (element.closest('[data-testid="stDialog"], [role="dialog"]') && (IN_MARKDOWN.has(words) || NOT_FOUND.test(words))) return IN_MARKDOWN.get(words) ?? NOT_FOUND_GERMAN;
    if (/^\d+ more$/.test(words) && element.closest('[data-testid="stTopNav"]')) return "Mehr";
    if (element.closest(THEIR_DATA)) return null;
    if (element.closest('[role="option"]') && !OWN_CHOICES.test(words)) return null;
    return inGerman(words);
  }

  function translateText(node) {
    const words = node.nodeValue.trim();
    if (words.length < 2 || !node.parentElement) return;
    const german = germanText(words, node.parentElement);
    if (german !== null) node.nodeValue = node.nodeValue.replace(words, () => german);
  }

  function translateAttributes(element) {
    for (const name of ATTRIBUTES) {
      const words = element.getAttribute(name)?.trim();
      if (!words || element.matches('[role="option"], [data-tag], [data-tag] > [title]')) continue;
      const german = element.closest('[data-testid="stHtml"]') ? null : inGerman(words);
      if (german !== null && german !== words) element.setAttribute(name, german);
    }
  }

  // Roles that say something untrue in Streamlit 1.67, as axe finds them.
  const REPAIRS = [
    ['[data-testid="stFileUploaderDropzone"][role="presentation"]', "group"],
    ['[role="dialog"] header:not([role])', "group"],
    ['[data-testid="stSidebarNavItems"]:not([role]), [data-testid="stSidebarNavItems"] li:not([role])', "none"],
  ];

  function visit(node) {
    if (node.nodeType === Node.TEXT_NODE) return GERMAN && translateText(node);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    if (node.matches(".kisi-head")) shareColumns(node);
    for (const [selector, role] of REPAIRS) if (node.matches(selector)) node.setAttribute("role", role);
    if (GERMAN) translateAttributes(node);
  }

  function visitAll(node) {
    visit(node);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) visit(walker.currentNode);
  }

  /** The rows are siblings of their header: the columns it names must be known one level higher. */
  function shareColumns(head) {
    const columns = head.style.getPropertyValue("--kisi-columns");
    if (columns) head.closest('[class*="st-key-rows"]')?.style.setProperty("--kisi-columns", columns);
  }

  const observer = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(visitAll);
      else if (change.attributeName === "data-test-connection-state") connection(change.target.getAttribute(change.attributeName));
      else visit(change.target);
    }
    if (offline) closeStreamlitDialog();
    observer.takeRecords(); // our own changes need no second look
  });

  // ---------- connection ----------

  let wasConnected = false;
  let offline = false;
  let ended = false;
  let grace, poll, notice, typed = null;

  function connection(state) {
    if (ended) return;
    clearTimeout(grace);
    if (state === "CONNECTED") {
      wasConnected = true;
      if (typed) putBackWhenCalm(typed);
      typed = null;
      if (offline) goOnline();
    } else if (wasConnected && !offline) {
      typed ??= fieldsNow();
      checkSession();
      grace = setTimeout(goOffline, 1500);
    }
  }

  function goOffline() {
    offline = true;
    show("alert", SAY.lost);
    closeStreamlitDialog();
    addEventListener("beforeunload", askFirst);
    poll = setInterval(checkSession, 3000);
  }

  function goOnline() {
    offline = false;
    clearInterval(poll);
    removeEventListener("beforeunload", askFirst);
    const shown = show("status", SAY.back);
    setTimeout(() => shown.remove(), 4000);
  }

  // A server that has been started anew knows the draft, but not what was being typed in the last field.

  const FIELDS = '[data-testid="stMain"] :is([data-testid="stTextInputField"], [data-testid="stTextArea"] textarea)';
  const place = (field) => location.pathname + location.search + field.getAttribute("aria-label");
  const fieldsNow = () => new Map([...document.querySelectorAll(FIELDS)].map((field) => [place(field), field.value]));

  function putBackWhenCalm(values, tries = 60, calm = 0) {
    if (ended || tries === 0) return;
    const ready = document.querySelector('[data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]');
    if (calm < 4) return setTimeout(() => putBackWhenCalm(values, tries - 1, ready ? calm + 1 : 0), 250);
    for (const field of document.querySelectorAll(FIELDS)) {
      const value = values.get(place(field));
      if (value && value !== field.value) putBack(field, value);
    }
  }

  function putBack(field, value) {
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, value); // past React, which keeps its own copy
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new FocusEvent("focusout", { bubbles: true })); // hands the text over to the server
  }

  function askFirst(event) {
    event.preventDefault();
    event.returnValue = ""; // Safari asks only with this
  }

  function show(role, words) {
    notice?.remove();
    notice = Object.assign(document.createElement("div"), { className: "kisi-connection", textContent: words });
    notice.setAttribute("role", role);
    notice.setAttribute("data-react-aria-top-layer", "true"); // an open dialog hides everything else from screen readers
    document.body.append(notice);
    return notice;
  }

  /** Streamlit's dialog speaks to developers and covers what the person has typed. */
  function closeStreamlitDialog() {
    for (const dialog of document.querySelectorAll('[data-testid="stDialog"], [role="dialog"]')) {
      if (!/Connection error|Verbindung unterbrochen/.test(dialog.textContent)) continue;
      dialog.querySelector('button[aria-label="Close"], button[aria-label="Schließen"]')?.click();
    }
  }

  // ---------- session ----------

  async function checkSession() {
    if (ended) return;
    try {
      const answer = await fetch("/kisi/session", { cache: "no-store", redirect: "manual" });
      if (answer.status === 401 || answer.status === 403) endSession();
    } catch {
      // no network: the notice about the connection says what is to be said
    }
  }

  /** Takes everything off the screen: the tablet may lie where others can read it. */
  function endSession() {
    ended = true;
    clearTimeout(grace);
    clearInterval(poll);
    observer.disconnect();
    removeEventListener("beforeunload", askFirst);
    document.title = SAY.endedTitle;
    const here = encodeURIComponent(location.pathname + location.search);
    document.body.className = "kisi-plain";
    document.body.innerHTML = `<main class="kisi-card" role="alert"><img src="/kisi/logo.svg" alt="KISI"><h1>${SAY.ended}</h1><p>${SAY.endedHint}</p><a class="kisi-button" href="/anmelden?n=${here}">${SAY.signIn}</a></main>`;
    document.querySelector(".kisi-button").focus();
  }

  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wasConnected && checkSession());
  addEventListener("pageshow", (event) => event.persisted && wasConnected && checkSession());

  // ---------- sign-out and keyboard ----------

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.kisi-signout");
    if (!link) return;
    event.preventDefault();
    const form = Object.assign(document.createElement("form"), { method: "post", action: link.href, hidden: true });
    document.body.append(form);
    form.submit();
  });

  // Streamlit does nothing when the menu names the screen that is open; people want out of the open record, to its list.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a:is([data-testid="stTopNavDropdownLink"], [data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"])');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.pathname !== location.pathname || !location.search) return;
    event.preventDefault();
    event.stopPropagation();
    location.assign(link.pathname);
  }, true);

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "s") return;
    event.preventDefault(); // the browser's own would store the page, with people's data, as a file
    const buttons = [...document.querySelectorAll('[class*="st-key-save"] [data-testid^="stBaseButton-primary"]')].filter((button) => !button.disabled && button.getClientRects().length);
    const save = buttons.find((button) => button.closest('[role="dialog"]')) ?? buttons[0];
    save?.focus(); // leaving a field hands its text over first
    save?.click();
  });

  // Streamlit hands a text of several lines over when its field is left, or with Ctrl+Enter. A pause does it too, so that a
  // reload in the middle of a sentence loses nothing.
  let pause;
  document.addEventListener("input", (event) => {
    const area = event.target;
    if (area.tagName !== "TEXTAREA") return;
    clearTimeout(pause);
    pause = setTimeout(() => area.isConnected && area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", ctrlKey: true, bubbles: true, cancelable: true })), 700);
  }, true);

  observer.observe(document.documentElement, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["data-test-connection-state", ...(GERMAN ? ATTRIBUTES : [])] });
  document.addEventListener("DOMContentLoaded", () => visitAll(document.body));
})();
