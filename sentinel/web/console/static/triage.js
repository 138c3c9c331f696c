// Comfort for the queue: moving from row to row, and a selection that outlives reload and back.
// Every form works without it. Keys of buttons (a, t, e, n, u, /) are the console's.
"use strict";

(() => {
  const form = document.getElementById("act");
  const store = window.sessionStorage;
  const person = document.body.dataset.person;
  const typing = (element) =>
    /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) && !/^(checkbox|radio)$/.test(element.type);

  // What was ordered is done: the rows of that order are selected no longer.
  const job = document.querySelector("[data-job]");
  if (job && store.getItem(`done ${person}`) !== job.dataset.job) {
    store.setItem(`done ${person}`, job.dataset.job);
    store.removeItem(`chosen ${person}`);
  }
  if (!form) return;

  const rows = [...form.querySelectorAll("tbody tr")];
  const boxes = rows.map((row) => row.querySelector("input[name=ids]"));
  const links = rows.map((row) => row.querySelector("a.open"));
  const all = document.getElementById("all");
  const said = document.getElementById("chosen");
  const none = document.getElementById("choose-none");
  const filter = form.dataset.filter;
  const bulk = form.querySelector(".bulk");
  bulk.classList.add("scripted");

  // -- the selection: of one filter, over all of its pages ---------------------------------------
  const kept = () => {
    try {
      const found = JSON.parse(store.getItem(`chosen ${person}`));
      return found && found.filter === filter ? new Set(found.ids) : new Set();
    } catch {
      return new Set();
    }
  };
  let chosen = kept();
  const here = () => boxes.filter((box) => box.checked).length;
  const tell = () => {
    const elsewhere = chosen.size - here();
    said.textContent = (all.checked ? all.parentElement.textContent.trim()
      : chosen.size === 0 ? said.dataset.none
      : elsewhere > 0 ? said.dataset.elsewhere : said.dataset.one)
      .replace("{n}", chosen.size).replace("{m}", elsewhere);
    none.hidden = chosen.size === 0 && !all.checked;
    bulk.classList.toggle("some", !none.hidden);
    rows.forEach((row, n) => row.classList.toggle("chosen", all.checked || boxes[n].checked));
  };
  const note = () => {
    for (const box of boxes) {
      if (box.checked) chosen.add(box.value);
      else chosen.delete(box.value);
    }
    store.setItem(`chosen ${person}`, JSON.stringify({ filter, ids: [...chosen] }));
    tell();
  };
  const recall = () => {
    chosen = kept();
    for (const box of boxes) box.checked = chosen.has(box.value);
    tell();
  };
  form.addEventListener("change", (event) => {
    if (event.target === all) tell();
    else note();
  });
  none.addEventListener("click", () => {
    for (const box of boxes) box.checked = false;
    all.checked = false;
    chosen.clear();
    note();
    if (rows.length) focus(current());
  });
  // Also a page out of the browser's own memory, where scripts do not begin anew.
  window.addEventListener("pageshow", recall);

  // -- an order: the selection, wherever its rows are; without one the row that is looked at ------
  let sent = [];
  form.addEventListener("submit", () => {
    sent.forEach((field) => field.remove());
    sent = [];
    if (all.checked) return;
    const elsewhere = [...chosen].filter((id) => !boxes.some((box) => box.value === id));
    const wanted = chosen.size ? elsewhere : boxes[at] ? [boxes[at].value] : [];
    for (const id of wanted) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = "ids";
      field.value = id;
      form.append(field);
      sent.push(field);
    }
  });

  // -- rows by key: the focus moves, so that everybody sees and hears where one is ----------------
  let at = -1;
  const current = () => Math.max(at, 0);
  const focus = (n) => {
    at = Math.min(Math.max(n, 0), rows.length - 1);
    links[at].focus();
    rows[at].scrollIntoView({ block: "nearest" });
  };
  form.addEventListener("focusin", (event) => {
    const row = event.target.closest("tbody tr");
    if (row) at = rows.indexOf(row);
  });
  const open = (what) => {
    focus(current());
    leave();
    location.href = links[at].getAttribute("href") + what;
  };
  const inRow = (event) => Boolean(rows[at] && rows[at].contains(event.target));
  const keys = {
    j: () => focus(at + 1),
    k: () => focus(at - 1),
    ArrowDown: (event) => inRow(event) && focus(at + 1),
    ArrowUp: (event) => inRow(event) && focus(at - 1),
    o: () => open(""),
    s: () => open("/suppress"),
    w: () => open("#told"),
    x: () => {
      focus(current());
      boxes[at].checked = !boxes[at].checked;
      note();
    },
    "*": () => {
      const on = boxes.some((box) => !box.checked);
      for (const box of boxes) box.checked = on;
      note();
    },
  };
  // In the capture phase: `g s` is the console's, and begins before.
  let went = false;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const after = went;
    went = event.key === "g" && !after;
    const act = keys[event.key];
    if (after || !act || !rows.length) return;
    if (act(event) !== false) event.preventDefault();
  }, true);

  // -- back from an alert, or after an order: where one was ---------------------------------------
  const place = `row ${person}`;
  const leave = () => {
    if (at >= 0) store.setItem(place, JSON.stringify({ filter, at, href: links[at].getAttribute("href") }));
  };
  form.addEventListener("submit", leave);
  form.addEventListener("click", (event) => {
    if (event.target.closest("a.open")) leave();
  });
  recall();
  const last = JSON.parse(store.getItem(place) || "null");
  store.removeItem(place);
  if (last && last.filter === filter) {
    const same = links.findIndex((link) => link.getAttribute("href") === last.href);
    focus(same >= 0 ? same : last.at);
  }
})();
