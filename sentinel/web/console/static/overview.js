// Comfort for the overview's lists: j and k walk from line to line; Enter is the link's own.
"use strict";

(() => {
  const typing = (element) => /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.defaultPrevented || typing(event.target) || document.querySelector("dialog[open]")) return;
    const step = { j: 1, k: -1 }[event.key];
    if (!step) return;
    const links = [...document.querySelectorAll("tr[data-row]")].map((row) => row.querySelector("a"));
    if (!links.length) return;
    const at = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
    const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
    event.preventDefault();
    if (links[next]) links[next].focus();
  });
})();
