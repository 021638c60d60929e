"use strict";

// The page that tests a scanner. A field keeps no control signs: they are caught here, key by key.
(() => {
  const form = document.getElementById("scanner-form");
  if (!form) return;
  const field = document.getElementById("scanner-text");
  const seen = document.getElementById("scanner-seen");
  const pace = document.getElementById("scanner-pace");
  // What scanners press for the control signs of codes: Ctrl with the sign that stands 64 places above.
  const CONTROLS = { "]": "\x1d", "^": "\x1e", "6": "\x1e", _: "\x1f", "-": "\x1f", "\\": "\x1c", "[": "\x1b" };
  const KEYS = { Enter: "\r", Tab: "\t", Escape: "\x1b" };
  // A scanner is done when nothing has come for so long.
  const PAUSE_MS = 250;
  let raw = "";
  let first = 0;
  let last = 0;
  let timer = 0;

  const look = async () => {
    window.clearTimeout(timer);
    if (!raw.trim() && !field.value.trim()) return;
    const body = new FormData(form);
    // What was pasted has no keys: then the field has it.
    body.set("raw", raw.length >= field.value.length ? JSON.stringify(raw) : "");
    const signs = raw.length;
    const ms = last - first;
    raw = "";
    field.value = "";
    try {
      const answer = await fetch(form.action || location.href, {
        method: "POST",
        body,
        headers: { "X-Part": "seen" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      seen.innerHTML = await answer.text();
      pace.textContent = signs > 1 ? `${signs} × ${Math.max(1, Math.round(ms / (signs - 1)))} ms` : "";
    } catch {
      pace.textContent = document.body.dataset.offline || "";
    }
    field.focus();
  };

  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    let sign = "";
    if (event.ctrlKey && !event.altKey && event.key.length === 1) {
      sign = CONTROLS[event.key] || (/^[a-z]$/i.test(event.key) ? String.fromCharCode(event.key.toUpperCase().charCodeAt(0) - 64) : "");
      // Pasting, copying and the like stay what they are unless they come in the midst of a scan.
      const inScan = raw && event.timeStamp - last < PAUSE_MS;
      if (!sign || (/^[acvxz]$/i.test(event.key) && !inScan)) return;
      event.preventDefault();
    } else if (event.key.length === 1) {
      sign = event.key;
    } else if (KEYS[event.key]) {
      // Somebody who goes on by Tab, without having scanned, goes on.
      if (event.key !== "Enter" && !raw) return;
      sign = KEYS[event.key];
      event.preventDefault();
    } else if (/^F\d+$/.test(event.key) && raw) {
      sign = `{${event.key}}`;
      event.preventDefault();
    } else if (event.key === "Backspace") {
      raw = raw.slice(0, -1);
      return;
    } else {
      return;
    }
    if (!raw) first = event.timeStamp;
    last = event.timeStamp;
    raw += sign;
    window.clearTimeout(timer);
    // Typed by hand it waits for Enter; what a scanner sends comes in a burst.
    if (sign === "\r" || sign === "\t" || raw.length > 8) timer = window.setTimeout(look, PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    look();
  });
})();
