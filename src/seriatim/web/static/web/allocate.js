"use strict";

// Scanning one after the other: each Enter adds a line to the list, and the focus stays. Without this file one types,
// pastes or scans into the list itself.
(() => {
  const line = document.querySelector("[data-scan-line]");
  const one = document.querySelector("[data-adds]");
  const list = one && document.getElementById(one.dataset.adds);
  const tally = document.getElementById("tally");
  const toGo = document.getElementById("to-go");
  if (!line || !list) return;
  line.hidden = false;

  const waiting = Number(toGo.dataset.waiting);
  // Between quotes the list's own signs are plain text.
  const named = () =>
    (list.value.match(/"(?:[^"]|"")*"|[^\n,;\t]+/g) || [])
      .map((text) => text.trim())
      .filter(Boolean);
  const bare = (text) => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);
  // What a range holds is counted by the server.
  const counted = (texts) => !texts.some((text) => !text.startsWith('"') && /\.\.| - | \+\d+$/.test(text));

  const count = () => {
    const texts = named();
    if (!counted(texts)) return;
    toGo.textContent = `${Math.max(waiting - texts.length, 0).toLocaleString("en")} ${toGo.dataset.words}`;
    toGo.classList.toggle("enough", texts.length === waiting);
  };

  const say = (text, tone) => {
    tally.textContent = text;
    tally.className = `tally badge ${tone}`;
  };

  one.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    const text = one.value.trim();
    one.value = "";
    if (!text) return;
    const texts = named();
    if (texts.map(bare).includes(text)) return say(`${text} ${tally.dataset.doubled}`, "warn");
    if (counted(texts) && texts.length >= waiting) return say(`${text} ${tally.dataset.enough}`, "bad");
    // A number in which the list's own signs stand is put between quotes.
    const quoted = /[",;\t]|\.\.| - | \+\d+$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    list.value = list.value.trim() ? `${list.value.replace(/\s+$/, "")}\n${quoted}` : quoted;
    list.scrollTop = list.scrollHeight;
    say(text, "good");
    count();
  });
  list.addEventListener("input", count);
  count();
  one.focus();
})();
