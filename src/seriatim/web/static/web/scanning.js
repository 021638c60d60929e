"use strict";

// Scanning into a document or a stocktake: the page says which, by the data of #scanning. Without this file each scan
// is a plain form; with it none is ever waited for or lost.
//
// Every scan goes into a queue in the browser's own storage, with an id made here, and leaves it only when the server
// has answered. It is sent in order; sent twice it is the same scan. Posting waits until the queue is empty.
(() => {
  const desk = document.getElementById("scanning");
  const form = document.getElementById("scan-form");
  if (!desk || !form) return;
  const field = document.getElementById("scan-text");
  const said = document.getElementById("scan-said");
  const shownQueue = document.getElementById("scan-queue");
  const result = document.getElementById("scan-result");
  const words = desk.dataset;
  const POST = "SERIATIM POST";
  const AT_ONCE = 50;
  const WAITS_MS = [500, 1000, 2000, 4000, 8000, 15000];

  // --- ids and the queue --------------------------------------------------------------------------------

  // On plain http there is no crypto.randomUUID; these 16 random bytes are the same.
  const newId = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };

  const stored = (store, key, fallback) => {
    try {
      return JSON.parse(store.getItem(key)) ?? fallback;
    } catch {
      return fallback;
    }
  };
  const keep = (store, key, value) => {
    try {
      store.setItem(key, JSON.stringify(value));
    } catch {
      // A browser that keeps nothing: the queue lives as long as the page.
    }
  };

  const device = stored(sessionStorage, "seriatim-device", "") || newId();
  keep(sessionStorage, "seriatim-device", device);
  const prefix = `seriatim-scans ${words.document} `;
  const key = prefix + device;
  let queue = stored(localStorage, key, []);
  // What a closed tab had not sent: the server knows by the ids what it has already.
  for (const other of Object.keys(localStorage)) {
    if (!other.startsWith(prefix) || other === key) continue;
    queue = [...stored(localStorage, other, []), ...queue];
    localStorage.removeItem(other);
  }
  let lost = [];
  let alarmed = Boolean(document.querySelector('#scan-result [data-verdict="alarm"] form'));

  const save = () => {
    if (queue.length) keep(localStorage, key, queue);
    else localStorage.removeItem(key);
    showQueue();
  };

  // --- what is seen and heard ---------------------------------------------------------------------------

  let trouble = "";
  const showQueue = () => {
    const lines = [];
    if (alarmed && queue.length) lines.push(words.first);
    else if (trouble) lines.push(trouble);
    if (waiting && queue.length) lines.push(words.waits);
    const items = [
      ...lost.map((one) => `${one.text} · ${words.nottaken}: ${one.why}`),
      ...queue.slice(-8).map((one) => `${one.text || "→"} · ${words.unsent}`),
    ];
    if (queue.length > 8) items.splice(lost.length, 0, `+ ${queue.length - 8}`);
    shownQueue.hidden = !(lost.length || lines.length || queue.length > 2 || (trouble && queue.length));
    shownQueue.replaceChildren(
      ...lines.map((text) => Object.assign(document.createElement("p"), { textContent: text })),
      Object.assign(document.createElement("ul"), {}),
    );
    const list = shownQueue.querySelector("ul");
    for (const text of items) list.append(Object.assign(document.createElement("li"), { textContent: text }));
    desk.dataset.queued = queue.length;
  };

  // Tones: one short and high for good, two for doubled, a low one for refused, a siren for an alarm.
  const TONES = {
    good: [[1320, 0, 0.09]],
    warn: [
      [740, 0, 0.1],
      [740, 0.16, 0.1],
    ],
    bad: [[196, 0, 0.4]],
    alarm: [
      [880, 0, 0.18],
      [440, 0.2, 0.18],
      [880, 0.4, 0.18],
      [440, 0.6, 0.3],
    ],
  };
  const SHAKES = { good: [40], warn: [40, 60, 40], bad: [300], alarm: [300, 100, 300, 100, 300] };
  let sound = null;
  let loud = stored(localStorage, "seriatim-sound", true);
  const mute = document.getElementById("scan-sound");
  const showSound = () => {
    mute.hidden = false;
    mute.setAttribute("aria-pressed", String(loud));
  };
  mute.addEventListener("click", () => {
    loud = !loud;
    keep(localStorage, "seriatim-sound", loud);
    showSound();
    if (loud) signal("good");
    field.focus();
  });
  const signal = (tone) => {
    if (!loud) return;
    if (navigator.vibrate && navigator.userActivation?.hasBeenActive) navigator.vibrate(SHAKES[tone] || []);
    if (!TONES[tone] || !window.AudioContext || !navigator.userActivation?.hasBeenActive) return;
    sound = sound || new AudioContext();
    for (const [pitch, from, length] of TONES[tone]) {
      const start = sound.currentTime + from;
      const voice = sound.createOscillator();
      const volume = sound.createGain();
      voice.type = tone === "bad" || tone === "alarm" ? "sawtooth" : "sine";
      voice.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, start);
      volume.gain.exponentialRampToValueAtTime(0.2, start + 0.01);
      volume.gain.exponentialRampToValueAtTime(0.0001, start + length);
      voice.connect(volume).connect(sound.destination);
      voice.start(start);
      voice.stop(start + length + 0.02);
    }
  };

  const LOUDNESS = ["info", "", "good", "warn", "bad", "alarm"];
  const show = (answer) => {
    for (const [part, html] of Object.entries(answer.parts)) {
      const place = document.getElementById(`scan-${part}`);
      // Somebody who reads an older page of the list is not taken away from it.
      if (!place || (part === "list" && /[?&](before|after|shown)=/.test(location.search))) continue;
      // What somebody has unfolded stays so.
      const unfolded = [...place.querySelectorAll("details.unfold")].map((one) => one.open);
      place.innerHTML = html;
      place.querySelectorAll("details.unfold").forEach((one, n) => (one.open = Boolean(unfolded[n])));
      if (window.htmx) window.htmx.process(place);
      // Fields that have come with it are offered what fits, too.
      place.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
    }
    const results = answer.results;
    if (results.length) {
      // The last one stands large; the loudest of them is heard, so that a refusal among many is not missed.
      const alarm = results.find((one) => one.verdict === "alarm" && one.open);
      const last = alarm || results[results.length - 1];
      result.innerHTML = last.html;
      const loudest = results.reduce((a, b) => (LOUDNESS.indexOf(b.tone) > LOUDNESS.indexOf(a.tone) ? b : a));
      said.textContent = last.said;
      signal(loudest.tone);
      if (alarm) alarmed = true;
    }
    form.querySelector("label").textContent = answer.label;
  };

  // Which line a scan is for is in the queue itself; the form's own hidden line is for pages without this file.
  const line = form.querySelector("input[name=line]");
  if (line) line.disabled = true;

  // --- sending ------------------------------------------------------------------------------------------

  let sending = false;
  let failures = 0;
  let timer = 0;
  let waiting = null;

  const ask = (address, body, headers) =>
    fetch(address, {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, ...headers },
      redirect: "follow",
    });

  // Who has logged in again has another token; it stands in the page as it would be made now.
  const newToken = async () => {
    const response = await fetch(location.href);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const token = page.querySelector("#scan-form input[name=csrfmiddlewaretoken]");
    if (token) form.elements.csrfmiddlewaretoken.value = token.value;
  };

  const again = (why) => {
    trouble = why;
    failures += 1;
    window.clearTimeout(timer);
    timer = window.setTimeout(send, WAITS_MS[Math.min(failures, WAITS_MS.length) - 1]);
    showQueue();
  };

  const send = async () => {
    window.clearTimeout(timer);
    if (sending || alarmed || !queue.length) return;
    sending = true;
    const part = queue.slice(0, AT_ONCE);
    let answer = null;
    try {
      const response = await ask(words.address, JSON.stringify({ device, scans: part }), {
        "Content-Type": "application/json",
      });
      const readable = (response.headers.get("Content-Type") || "").includes("json");
      if (response.ok && readable) {
        answer = await response.json();
      } else if (readable && response.status < 500) {
        // Posted or cancelled by somebody else: these can't be taken any more, and that is said.
        const { refused } = await response.json();
        lost = [...lost, ...part.map((one) => ({ text: one.text, why: refused }))];
        queue = queue.slice(part.length);
        said.textContent = refused;
        signal("bad");
      } else {
        const out = response.redirected || response.status === 403;
        if (out) await newToken();
        again(out ? words.loggedout : words.trying);
        return;
      }
    } catch {
      again(words.trying);
      return;
    } finally {
      sending = false;
    }
    failures = 0;
    trouble = "";
    if (answer) {
      const done = new Set(part.map((one) => one.id));
      queue = queue.filter((one) => !done.has(one.id));
      show(answer);
    }
    save();
    if (queue.length) send();
    else if (waiting) goOn();
  };

  const add = (entry) => {
    queue.push({ id: newId(), ...entry });
    save();
    send();
  };

  // --- the scan field -----------------------------------------------------------------------------------

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value;
    field.value = "";
    field.focus();
    if (!text.trim()) return;
    const command = text.trim().toUpperCase();
    if (command === POST) {
      document.querySelector("#post-form button:not([disabled])")?.form.requestSubmit();
      return;
    }
    add({ text });
  });
  // The codes of one label, from a picture of it.
  field.addEventListener("scan-label", (event) => add(event.detail));
  // An empty field is no mistake to be pointed at.
  field.required = false;

  // The focus comes back to the field after whatever was done on the page.
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest("a, button, input, select, textarea, summary, label, details[open]")) return;
    if (String(window.getSelection()) === "") field.focus();
  });

  // --- undo, remove, answer, another line: the same forms, without leaving the page ----------------------

  document.addEventListener("submit", async (event) => {
    const other = event.target;
    if (!(other instanceof HTMLFormElement) || event.defaultPrevented) return;
    if (other.dataset.line) {
      event.preventDefault();
      add({ text: "", line: Number(other.dataset.line) });
      field.focus();
      return;
    }
    if (other.hasAttribute("data-count")) {
      event.preventDefault();
      const { line, text, count } = other.elements;
      add({ text: text.value, line: Number(line.value), count: count.value });
      field.focus();
      return;
    }
    if (other.hasAttribute("data-act")) {
      event.preventDefault();
      const answers = other.action.includes("/answer");
      field.focus();
      try {
        const body = new FormData(other);
        body.set("device", device);
        const response = await ask(other.action, body);
        const told = await response.json();
        if (response.ok) {
          if (answers && other.closest("#scan-result, #scan-list")) alarmed = false;
          show(told);
          alarmed = alarmed && told.open > 0;
        } else {
          said.textContent = told.refused;
          trouble = told.refused;
          signal("bad");
        }
      } catch {
        other.submit();
        return;
      }
      showQueue();
      send();
      return;
    }
    if (other.hasAttribute("data-waits-for-scans") && queue.length) {
      event.preventDefault();
      waiting = other.id ? `#${other.id}` : `form[action="${other.getAttribute("action")}"]`;
      showQueue();
      send();
    }
  }, true);

  const goOn = () => {
    const ready = document.querySelector(waiting);
    waiting = null;
    // What was scanned meanwhile may ask something: then nobody posts over it.
    if (ready && !ready.querySelector("button[disabled]")) ready.requestSubmit();
  };

  window.addEventListener("online", send);
  window.addEventListener("beforeunload", (event) => {
    if (queue.length && trouble) event.preventDefault();
  });

  showSound();
  showQueue();
  send();
  // Which line this device is at, the server was not told when it made the page.
  if (!queue.length && stored(sessionStorage, prefix, false)) {
    ask(words.address, JSON.stringify({ device, scans: [] }), { "Content-Type": "application/json" })
      .then((response) => (response.ok ? response.json() : null))
      .then((answer) => answer && show(answer))
      .catch(() => {});
  }
  keep(sessionStorage, prefix, true);
})();
