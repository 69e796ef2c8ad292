// Keys, the side panel, the roll's count, a preview beside a text, submitting once.
//
// An improvement and never a need: every page works without it. It reads what the pages say in
// their data attributes, and puts nothing on a page but what our own server sent.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const panel = one("#panel");
  const isWide = () => matchMedia("(min-width: 60rem)").matches;

  // Single keys can be switched off on a device, for people who speak to their computer.
  const SWITCH = "starboard-keys";
  const store = (value) => {
    try {
      if (value === undefined) return localStorage.getItem(SWITCH);
      localStorage.setItem(SWITCH, value);
    } catch {
      // A browser that keeps nothing keeps the keys on.
    }
    return null;
  };
  const keysOn = () => store() !== "off";

  const isTyping = (target) =>
    target.isContentEditable ||
    target.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=submit], [type=button])");

  // ---------------------------------------------------------------- rows of students

  const rows = () => all("[data-row]");
  const rowAt = (node) => node && node.closest && node.closest("[data-row]");
  let lastRow = null;
  const currentRow = () => rowAt(document.activeElement) || (lastRow && lastRow.isConnected ? lastRow : null);
  const focusRow = (row) => {
    const link = row && (one("[data-open]", row) || one("a[href]", row));
    if (link) {
      lastRow = row;
      link.focus();
      row.scrollIntoView({ block: "nearest" });
    }
  };
  const move = (step) => {
    const list = rows();
    const at = list.indexOf(currentRow());
    focusRow(list[at < 0 ? 0 : Math.min(Math.max(at + step, 0), list.length - 1)]);
  };

  const countSelected = () => {
    const count = all("[data-select]:checked").length;
    all("[data-bulk-count]").forEach((node) => { node.textContent = String(count); });
    all("[data-bulk-button]").forEach((node) => { node.setAttribute("aria-disabled", String(count === 0)); });
  };
  const toggle = (row) => {
    const box = row && one("[data-select]", row);
    if (box) box.click();
  };
  const recordSelected = () => {
    const form = one("[data-bulk]");
    if (form && one("[data-select]:checked")) form.requestSubmit();
  };

  // ---------------------------------------------------------------- the side panel

  let asked = 0;
  const openPanel = async (url, row) => {
    if (!panel || !isWide()) {
      location.assign(url);
      return;
    }
    lastRow = row || lastRow;
    const ask = ++asked;
    try {
      const answer = await fetch(url, { headers: { "X-Fragment": "panel" }, credentials: "same-origin" });
      const text = await answer.text();
      // The server's own page, read without running anything in it.
      const form = one("[data-record-form]", new DOMParser().parseFromString(text, "text/html"));
      if (!answer.ok || answer.redirected || !form) throw new Error("no form in the answer");
      if (ask !== asked) return;
      panel.replaceChildren(document.adoptNode(form));
      prepareRecord(form);
      panel.scrollTop = 0;
      (one("input[name=type]", form) || panel).focus();
    } catch {
      if (ask === asked) location.assign(url);
    }
  };
  const closePanel = () => {
    asked += 1;
    if (!panel || !panel.firstChild) return false;
    panel.replaceChildren();
    focusRow(lastRow || rows()[0]);
    return true;
  };

  // ---------------------------------------------------------------- the record form

  const labelOf = (input) => {
    const label = input && input.closest("label");
    const text = label && (one("[data-label]", label) || label);
    return text ? text.textContent.trim() : "–";
  };
  const typesOf = (form) => all("[data-type]", form);
  const chosenType = (form) => typesOf(form).find((type) => one(".type-choice input:checked", type));
  const chipsOf = (type) => (type ? all(".chip input", type) : []);

  const showShared = (form) => {
    const type = chosenType(form);
    const said = {
      type: labelOf(type && one(".type-choice input", type)),
      description: labelOf(chipsOf(type).find((chip) => chip.checked)),
    };
    all("[data-shared]", form).forEach((node) => {
      if (node.dataset.shared in said) node.textContent = said[node.dataset.shared];
    });
  };
  const prepareRecord = (form) => {
    form.addEventListener("change", (event) => {
      if (event.target.name === "type") {
        // A choice under another type would no longer be seen.
        all(".type-more input:checked", form).forEach((input) => {
          if (!chosenType(form).contains(input)) input.checked = false;
        });
      }
      showShared(form);
    });
    showShared(form);
  };
  const pick = (input) => {
    if (!input) return false;
    input.focus();
    if (!input.checked) input.click();
    return true;
  };
  const save = (form) => {
    const button = one("[data-save-next]", form);
    if (button) form.requestSubmit(button);
    else form.requestSubmit();
    return true;
  };
  const recordKey = (form, key) => {
    if (key === "s") return save(form);
    if (/^[0-9]$/.test(key)) {
      const type = typesOf(form)[key === "0" ? 9 : Number(key) - 1];
      return pick(type && one(".type-choice input", type));
    }
    if (/^[a-r]$/.test(key)) return pick(chipsOf(chosenType(form))[key.charCodeAt(0) - 97]);
    return false;
  };
  const activeForm = () => {
    const inside = document.activeElement.closest("[data-record-form]");
    if (inside) return inside;
    // Alone on its page, or open in the panel while nothing else has the focus.
    return rowAt(document.activeElement) ? null : one("#panel [data-record-form]") || one("[data-record-form]");
  };

  // ---------------------------------------------------------------- the roll

  const CODES = { p: "P", l: "L", u: "?" };
  const rollRows = () => all("[data-roll-row]");
  const countRoll = () => {
    all("[data-roll-count]").forEach((node) => {
      const code = node.dataset.rollCount;
      const count = all("[data-roll-row] input:checked").filter((input) => input.value === code).length;
      if (node.textContent !== String(count)) node.textContent = String(count);
    });
  };
  const focusRoll = (row) => {
    const input = row && (one("input:checked", row) || one("input", row));
    if (input) {
      input.focus();
      row.scrollIntoView({ block: "nearest" });
    }
  };
  const rollKey = (key) => {
    const list = rollRows();
    const at = list.indexOf(document.activeElement.closest("[data-roll-row]"));
    if (key === "j" || key === "k") {
      focusRoll(list[at < 0 ? 0 : Math.min(Math.max(at + (key === "j" ? 1 : -1), 0), list.length - 1)]);
      return true;
    }
    if (!(key in CODES) || at < 0) return false;
    const input = all("input[type=radio]", list[at]).find((radio) => radio.value === CODES[key]);
    if (input && !input.checked) input.click();
    focusRoll(list[Math.min(at + 1, list.length - 1)]);
    return true;
  };

  // ---------------------------------------------------------------- the call sheet

  // A call is recorded without leaving the sheet, so that what was typed beside others stays.
  const callRows = () => all("[data-call]");
  let lastCall = null;
  const focusCall = (row) => {
    lastCall = row || lastCall;
    const link = row && one("[data-open]", row);
    if (link) link.focus({ preventScroll: true });
    if (row) row.scrollIntoView({ block: "nearest" });
  };
  const callAt = () => document.activeElement.closest("[data-call]") || (lastCall && lastCall.isConnected ? lastCall : null);
  const callKey = (key) => {
    const list = callRows();
    const row = callAt();
    const at = list.indexOf(row);
    if (key === "j" || key === "k") {
      focusCall(list[at < 0 ? 0 : Math.min(Math.max(at + (key === "j" ? 1 : -1), 0), list.length - 1)]);
      return true;
    }
    const button = one(`[data-call-key="${key}"]`, key === "u" ? document : row || document.createElement("i"));
    if (button && !button.disabled) button.click();
    return Boolean(button);
  };
  const sendCall = async (form, button) => {
    const place = button.dataset.place || button.value.split("|")[0];
    const row = callRows().find((line) => line.dataset.call === place);
    const body = new URLSearchParams(new FormData(form, button));
    all("button", row || form).forEach((node) => { node.disabled = true; });
    try {
      const answer = await fetch(button.getAttribute("formaction") || form.getAttribute("action"), { method: "POST", body, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = one(`[data-call="${place}"]`, page);
      const said = one("[data-call-said]", page);
      if (!answer.ok || !row || !next || !said) throw new Error("no such line in the answer");
      one("[data-call-said]").replaceChildren(...document.adoptNode(said).childNodes);
      const fresh = document.adoptNode(next);
      row.replaceWith(fresh);
      const list = callRows();
      const step = button.name === "call" ? 1 : 0;
      focusCall(list[Math.min(list.indexOf(fresh) + step, list.length - 1)]);
    } catch {
      // Once more as a page of its own: the key of the line records it once, whatever happened.
      all("button", row || form).forEach((node) => { node.disabled = false; });
      form.dataset.plain = "yes";
      form.requestSubmit(button);
    }
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-calls]") || form.dataset.plain || !event.submitter) return;
    event.preventDefault();
    sendCall(form, event.submitter);
  });

  // ---------------------------------------------------------------- the term strip

  // One stop for the Tab key; arrows move between half-days.
  const prepareStrip = (table) => {
    const grid = all("tbody tr", table).map((line) => all("td", line).map((cell) => one("a.cell", cell)));
    const cells = grid.flat().filter(Boolean);
    const enter = (cell) => {
      cells.forEach((other) => { other.tabIndex = other === cell ? 0 : -1; });
    };
    const first = cells.filter((cell) => cell.matches(".cell-reached")).pop() || cells[cells.length - 1];
    if (first) {
      enter(first);
      const scroll = table.closest(".scroll");
      if (scroll) scroll.scrollLeft = first.offsetLeft - scroll.clientWidth / 2;
    }
    table.addEventListener("focusin", (event) => enter(event.target.closest("a.cell")));
    table.addEventListener("keydown", (event) => {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      let line = grid.findIndex((cells) => cells.includes(event.target));
      if (!step || line < 0) return;
      event.preventDefault();
      let week = grid[line].indexOf(event.target);
      do {
        line += step[0];
        week += step[1];
      } while (grid[line] && week >= 0 && week < grid[line].length && !grid[line][week]);
      const next = grid[line] && grid[line][week];
      if (next) next.focus();
    });
  };

  // ---------------------------------------------------------------- a preview beside a text

  const prepareLive = (form) => {
    let timer = 0;
    let looked = 0;
    const look = async () => {
      const mine = ++looked;
      const body = new URLSearchParams(new FormData(form));
      body.set("look", "1");
      try {
        const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
        const text = await answer.text();
        const found = one("[data-live-result]", new DOMParser().parseFromString(text, "text/html"));
        const place = one("[data-live-result]");
        if (mine === looked && found && place) place.replaceChildren(...document.adoptNode(found).childNodes);
      } catch {
        // The button shows it as well.
      }
    };
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(look, 400);
    });
  };

  // ---------------------------------------------------------------- keys

  const showKeys = () => {
    const dialog = one("#keys");
    if (dialog && !dialog.open) dialog.showModal();
  };
  const focusSearch = () => {
    const search = one("[data-search]");
    if (search) search.select();
    if (search) search.focus();
  };
  const rowKey = (key) => {
    const row = currentRow();
    if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key === "x") toggle(row);
    else if (key === "b") recordSelected();
    else if (key === "r" && (row || rows()[0])) openPanel((row || rows()[0]).dataset.record, row || rows()[0]);
    else return false;
    return true;
  };
  const press = (event) => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const form = activeForm();
    if (key === "Escape") return closePanel();
    if (form && key === "Enter" && (event.ctrlKey || event.metaKey)) return save(form);
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || !keysOn()) return false;
    if (key === "?") return showKeys() || true;
    if (key === "/") return focusSearch() || true;
    if (form) return recordKey(form, key);
    if (one("[data-roll]")) return rollKey(key);
    if (one("#calls")) return callKey(key);
    return one("[data-row]") ? rowKey(key) : false;
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || one("dialog[open]")) return;
    if (press(event)) event.preventDefault();
  });

  // ---------------------------------------------------------------- everything else on the page

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const close = event.target.closest("#panel [data-panel-close]");
    const record = event.target.closest("[data-row] .row-record");
    if (close && one("[data-row]")) {
      event.preventDefault();
      closePanel();
    } else if (record && panel && isWide()) {
      event.preventDefault();
      openPanel(record.href, rowAt(record));
    }
  });
  document.addEventListener("focusin", (event) => { lastRow = rowAt(event.target) || lastRow; });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-select]")) countSelected();
    if (event.target.closest("[data-roll-row]")) countRoll();
    if (event.target.matches("[data-keys-switch]")) store(event.target.checked ? "on" : "off");
  });

  // A form is sent once, however often its button is pressed; coming back makes it ready again.
  // The button is switched off a moment later, so that its own name and value are still sent.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    if (form.matches("[data-bulk]") && !one("[data-select]:checked")) event.preventDefault();
    else if (form.dataset.sent) event.preventDefault();
    else if (!event.defaultPrevented) {
      form.dataset.sent = "yes";
      setTimeout(() => all("button", form).forEach((button) => { button.disabled = true; }), 0);
    }
  });
  const ready = () => {
    all("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      all("button", form).forEach((button) => { button.disabled = false; });
    });
    countSelected();
    countRoll();
  };
  addEventListener("pageshow", ready);

  all("[data-strip]").forEach(prepareStrip);
  all("[data-record-form]").forEach(prepareRecord);
  all("[data-live]").forEach(prepareLive);
  if (callRows().length > 0) focusCall(callRows()[0]);
  all("[data-keys-switch]").forEach((box) => { box.checked = keysOn(); });
  const summary = one("[data-error-summary]");
  const opened = one("#panel [data-record-form] input[name=type]");
  if (summary) summary.focus();
  else if (opened) opened.focus();
})();
