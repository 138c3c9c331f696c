// Comfort for the console; every page works without it.
// Elements say what they want by attributes: data-key, data-opens, data-theme-switch, data-span.
"use strict";

(() => {
  const body = document.body;
  const root = document.documentElement;
  const words = JSON.parse(body.dataset.words);
  const hit = (name, listener) => document.addEventListener(name, listener);

  // -- forms sent by htmx carry the token ------------------------------------------------------
  hit("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRF-Token"] = body.dataset.csrf;
  });

  // -- times stay true while the page stands ----------------------------------------------------
  // By the service's clock: the page says what it was when it was made.
  const loaded = performance.now();
  const now = () => Number(body.dataset.now) + (performance.now() - loaded) / 1000;
  const say = (kind, seconds) => {
    const [unit, length] =
      seconds >= 172800 ? ["d", 86400] : seconds >= 3600 ? ["h", 3600]
      : seconds >= 60 ? ["min", 60] : ["now", 1];
    const key = `${kind === "in" && unit === "now" ? "ago" : kind}-${unit}`;
    return words[key].replace("{n}", Math.floor(seconds / length));
  };
  const refresh = () => {
    for (const time of document.querySelectorAll("time[data-span]")) {
      const ahead = Date.parse(time.dateTime) / 1000 - now();
      let kind = time.dataset.span;
      if (kind === "ago") {
        kind = ahead > 60 ? "in" : "ago";
      } else {
        kind = ahead > 0 ? "left" : "late";
        time.className = kind;
      }
      const text = say(kind, Math.abs(ahead));
      if (time.textContent !== text) time.textContent = text;
    }
  };
  setInterval(refresh, 15000);

  // Logged in again in another tab: the forms of this one go on under the new session.
  const person = body.dataset.person;
  const renew = (token) => {
    if (!token || token === body.dataset.csrf) return;
    body.dataset.csrf = token;
    for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = token;
  };

  // -- a lost connection is a bar with the age of what is shown --------------------------------
  const lost = document.getElementById("lost");
  let heard = now();
  let out = false;
  let silent = false;
  let refusal = "";
  let held = false;
  const bar = () => {
    lost.hidden = !out && !silent && !refusal;
    if (out) {
      const link = document.createElement("a");
      link.href = `/login?next=${encodeURIComponent(location.pathname + location.search)}`;
      link.textContent = lost.dataset.logIn;
      if (!lost.querySelector("a")) lost.replaceChildren(`${lost.dataset.out} `, link);
    } else if (silent) {
      const text = lost.dataset.lost.replace("{ago}", say("ago", now() - heard))
        + (held ? ` ${lost.dataset.held}` : "");
      if (lost.textContent !== text) lost.textContent = text;
    } else if (lost.textContent !== refusal) {
      lost.textContent = refusal;
    }
  };
  const deaf = () => { silent = true; bar(); };
  // While nobody answers a form stays here: the browser's own error page would take it away. That a
  // network goes is a sign; that there is none is not: loopback needs none.
  window.addEventListener("offline", deaf);
  let answered = null;
  hit("submit", (event) => {
    const form = event.target;
    const asked = answered === form;
    answered = null;
    if (asked || !silent) return;
    if (form.method === "dialog" || form.hasAttribute("hx-post")) return;
    event.preventDefault();
    fetch("/glance").then((answer) => {
      if (answer.status >= 500) throw new Error(answer.status);
      silent = held = false;
      bar();
      answered = form;
      form.requestSubmit(event.submitter);
    }).catch(() => { held = true; deaf(); });
  });
  hit("htmx:sendError", deaf);
  hit("htmx:timeout", deaf);
  hit("htmx:afterRequest", (event) => {
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (status === 401) {
      out = true;
    } else if (status >= 500) {
      silent = true;
    } else if (status >= 400) {
      // htmx shows no refusal by itself; nothing may fail in silence.
      const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
      const said = page.querySelectorAll("[data-refused] h1, [data-refused] p:not(:has(a)), [role=alert]");
      refusal = [...said].map((each) => each.textContent.trim()).join(" · ") || String(status);
    } else if (status > 0 && event.target.id === "glance") {
      heard = now();
      silent = held = false;
      out = decodeURIComponent(event.detail.xhr.getResponseHeader("X-Person") || "") !== person;
      if (!out) renew(event.detail.xhr.getResponseHeader("X-CSRF-Token"));
    } else if (status > 0) {
      refusal = "";
    }
    bar();
  });
  setInterval(bar, 15000);

  // -- what is typed survives time-outs, log-outs and reloads -----------------------------------
  // In this tab alone, under the person's name; gone when it is sent and the next page comes. A
  // reason belongs to what it is about: to the alerts that the form's hidden fields name.
  const passing = ["csrf", "back", "expected", "asked"];
  const place = (area) => {
    const form = area.closest("form");
    const action = form ? form.getAttribute("action") || "" : "";
    const about = [...(form ? form.querySelectorAll("input[type=hidden]") : [])]
      .filter((field) => !passing.includes(field.name))
      .map((field) => `${field.name}=${field.value}`).join("&");
    return `draft ${person} ${location.pathname} ${action} ${about} ${area.name}`;
  };
  const sent = "drafts sent";
  const areas = () => (person ? document.querySelectorAll("textarea[name]") : []);
  const store = window.sessionStorage;
  // A form that was taken leads on to another page (303). The log-in, a refusal, an error and a
  // page that one went back to mean that it was not.
  const forget = () => {
    const keys = JSON.parse(store.getItem(sent) || "[]");
    store.removeItem(sent);
    const [way] = performance.getEntriesByType("navigation");
    const taken = person && way && way.redirectCount > 0
      && !document.querySelector("[aria-invalid], .notice-bad, [data-refused]");
    if (taken) keys.forEach((key) => store.removeItem(key));
  };
  const recall = () => {
    for (const area of areas()) {
      const kept = store.getItem(place(area));
      if (kept && !area.value) {
        area.value = kept;
        area.dispatchEvent(new Event("input", { bubbles: true }));
        const details = area.closest("details");
        if (details) details.open = true;
      }
    }
  };
  hit("input", (event) => {
    const area = event.target;
    if (!person || area.tagName !== "TEXTAREA" || !area.name) return;
    if (area.value) store.setItem(place(area), area.value);
    else store.removeItem(place(area));
  });
  hit("submit", (event) => {
    const form = event.target;
    const keys = [...form.querySelectorAll("textarea[name]")].map(place);
    if (keys.length && !form.hasAttribute("hx-post")) store.setItem(sent, JSON.stringify(keys));
  });
  hit("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.target.tagName === "FORM") {
      event.target.querySelectorAll("textarea[name]").forEach((area) => store.removeItem(place(area)));
    }
  });

  // -- light or dark, at once --------------------------------------------------------------------
  hit("click", (event) => {
    const button = event.target.closest("[data-theme-switch]");
    if (!button) return;
    event.preventDefault();
    const dark = root.dataset.theme === "dark"
      || (root.dataset.theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    root.dataset.theme = dark ? "light" : "dark";
    fetch("/me/preferences", {
      method: "POST",
      headers: { "X-CSRF-Token": body.dataset.csrf },
      body: new URLSearchParams({ theme: root.dataset.theme, next: "/me" }),
      redirect: "manual",
    }).catch(deaf);
  });

  // -- dialogs and the menu ----------------------------------------------------------------------
  const open = (id) => {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
  };
  for (const button of document.querySelectorAll("[data-opens]")) button.hidden = false;
  hit("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) open(opener.dataset.opens);
    if (event.target.tagName === "DIALOG") event.target.close();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  // -- keys: an element with data-key="x" or "g x" is clicked, a field is focused ----------------
  let before = "";
  const typing = (element) =>
    element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName)
      && !/^(checkbox|radio|button|submit)$/.test(element.type);
  hit("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = document.querySelector("details.menu[open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
      if (typing(event.target)) event.target.blur();
      before = "";
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.defaultPrevented || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") {
      open("keys");
      return;
    }
    const pressed = before ? `${before} ${event.key}` : event.key;
    before = "";
    const wanted = [...document.querySelectorAll("[data-key]")];
    const element = wanted.find((each) => each.dataset.key === pressed && !each.disabled);
    if (element) {
      event.preventDefault();
      if (typing(element)) element.focus();
      else element.click();
    } else if (wanted.some((each) => each.dataset.key.startsWith(`${pressed} `))) {
      before = pressed;
    }
  });

  forget();
  recall();
  hit("htmx:afterSettle", () => { recall(); refresh(); });
})();
