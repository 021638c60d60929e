"use strict";

// Everything works without this file; it only saves steps.
(() => {
  // A page that is made for scanning has a field of its own; elsewhere a scan goes to the box on top.
  const target = () => document.querySelector("[data-scan-target]") || document.getElementById("scan");

  const editable = (node) =>
    node instanceof HTMLElement && (node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName));

  // A scanner types a whole code in some milliseconds a character, wherever the focus is. What begins outside a
  // field therefore goes to the scan box: a burst whole, a lone "/" as the shortcut that puts the focus there.
  // (A plain shortcut would swallow the first slash of a scanned address.)
  const BURST_MS = 50;
  let typed = "";
  let last = 0;
  let timer = 0;

  const settle = () => {
    const box = document.getElementById("scan");
    if (typed === "/" && box) {
      box.focus();
      box.select();
      typed = "";
    }
  };

  if (target()) {
    // What is typed or scanned next replaces what was looked for before.
    document.getElementById("scan")?.addEventListener("focus", (event) => event.target.select());
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
      if (event.key.length !== 1) return;
      const box = target();
      if (!box) return;
      if (editable(event.target)) {
        // A page that has just come gives its field the focus when a scan has begun already: what came first goes along.
        if (event.target === box && typed && event.timeStamp - last < BURST_MS && !box.value) box.value = typed;
        typed = "";
        return;
      }
      // The space bar and letters keep what they do on buttons, links and the page, unless they come in a burst.
      const now = event.timeStamp;
      typed = now - last < BURST_MS ? typed + event.key : event.key;
      last = now;
      window.clearTimeout(timer);
      if (typed.length > 1) {
        event.preventDefault();
        // From here on the scanner types into the box itself, its Enter included; at the end of what came first.
        box.focus();
        box.value = typed;
        box.setSelectionRange(typed.length, typed.length);
        typed = "";
      } else {
        if (event.key === "/") event.preventDefault();
        timer = window.setTimeout(settle, BURST_MS);
      }
    });
  }

  // Of views side by side, the one that is looked at is in sight, on a phone too.
  for (const view of document.querySelectorAll(".views [aria-current]")) {
    view.parentElement.scrollLeft = view.offsetLeft - view.parentElement.offsetLeft - 16;
  }

  // One click copies a serial number. Without HTTPS a browser has no clipboard; then the button stays hidden.
  if (navigator.clipboard) {
    for (const button of document.querySelectorAll("button[data-copy]")) button.hidden = false;
    document.addEventListener("click", async (event) => {
      const button = event.target instanceof Element ? event.target.closest("button[data-copy]") : null;
      if (!button) return;
      await navigator.clipboard.writeText(button.dataset.copy);
      button.dataset.done = "";
      document.getElementById("said").textContent = button.dataset.said;
      window.setTimeout(() => delete button.dataset.done, 1500);
    });
  }

  // A menu closes by Escape and by a click elsewhere.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
})();
