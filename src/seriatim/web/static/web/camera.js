"use strict";

// A camera button beside every field with data-camera. Live where the browser gives a camera (HTTPS, localhost), a
// photo elsewhere; the codes are read on the server. data-camera="many": the camera stays open for the next code.
(() => {
  const words = document.getElementById("camera-words")?.dataset;
  if (!words) return;
  const FRAME_MS = 300;
  const WIDTH = 1280;
  // The same code in front of the camera is one scan for so long.
  const AGAIN_MS = 3000;
  const live = Boolean(window.isSecureContext && navigator.mediaDevices?.getUserMedia);

  const token = () => {
    try {
      return JSON.parse(document.body.getAttribute("hx-headers"))["x-csrftoken"];
    } catch {
      return "";
    }
  };

  const made = (tag, properties = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  };

  const read = async (picture, thorough) => {
    const body = new FormData();
    body.set("picture", picture, "picture.jpg");
    body.set("thorough", thorough ? "1" : "0");
    const answer = await fetch(words.address, { method: "POST", body, headers: { "x-csrftoken": token() } });
    if (!(answer.headers.get("Content-Type") || "").includes("json")) throw new Error(words.trouble);
    const said = await answer.json();
    if (said.refused) throw new Error(said.refused);
    return said;
  };

  // As if a scanner had typed it: the field gets the text, and its form takes it.
  const enter = (field, code) => {
    field.value = code.scan;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const key = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
    if (field.dispatchEvent(key) && field.form) field.form.requestSubmit();
  };

  // Where units are collected: the codes of one label are one scan of one unit; what can be either is asked.
  const collect = (field, said, codes, show) => {
    const taken = said.order.map((place) => said.codes[place]).filter((code) => codes.includes(code));
    const of = (place) => said.codes[place];
    if (said.together === "one_unit" && codes.includes(of(said.unit))) {
      field.dispatchEvent(
        new CustomEvent("scan-label", {
          bubbles: true,
          detail: { text: of(said.unit).scan, beside: said.beside.map((place) => of(place).scan) },
        }),
      );
      return [of(said.unit)];
    }
    if (said.together === "ask" && taken.length > 1) {
      show(taken);
      return null;
    }
    for (const code of taken) enter(field, code);
    return taken;
  };

  // The codes to tap one after the other, in the order in which they belong together; the dialog stays.
  const inTurn = (field, codes, status) => {
    const list = made("ul", { className: "camera-codes" });
    for (const code of codes) {
      const button = made("button", { type: "button", className: "button" });
      button.append(made("span", { className: "serial", textContent: code.title }), made("small", { textContent: code.words }));
      button.addEventListener("click", () => {
        enter(field, code);
        button.disabled = true;
        (list.querySelector("button:not([disabled])") || button.closest("dialog").querySelector(".actions button")).focus();
      });
      list.append(made("li", {}, button));
    }
    status.replaceChildren(made("p", { textContent: words.turn }), list);
  };

  const listed = (field, codes, status, close) => {
    const list = made("ul", { className: "camera-codes" });
    for (const code of codes) {
      const button = made("button", { type: "button", className: "button" });
      button.append(made("span", { className: "serial", textContent: code.title }), made("small", { textContent: code.words }));
      button.addEventListener("click", () => {
        close();
        enter(field, code);
      });
      list.append(made("li", {}, button));
    }
    status.replaceChildren(made("p", { textContent: words.several }), list);
  };

  const dialog = (field) => {
    const status = made("div", { className: "camera-said", role: "status" });
    const shut = made("button", { type: "button", className: "button", textContent: words.close });
    const box = made("dialog", { className: "camera" }, status, made("div", { className: "actions" }, shut));
    box.setAttribute("aria-label", words.title);
    document.body.append(box);
    const close = () => box.close();
    shut.addEventListener("click", close);
    box.addEventListener("close", () => {
      box.remove();
      field.focus();
    });
    box.showModal();
    return { box, status, close };
  };

  const watch = async (field) => {
    const { box, status, close } = dialog(field);
    status.textContent = words.aim;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: { ideal: 1920 } },
        audio: false,
      });
    } catch {
      close();
      photo(field);
      return;
    }
    const stop = () => stream.getTracks().forEach((track) => track.stop());
    box.addEventListener("close", stop);
    if (!box.open) {
      stop();
      return;
    }
    const video = made("video", { muted: true, playsInline: true, srcObject: stream });
    box.prepend(video);
    await video.play();
    const canvas = made("canvas");
    const taken = new Map();
    while (box.open) {
      const began = performance.now();
      if (video.videoWidth) {
        canvas.width = Math.min(WIDTH, video.videoWidth);
        canvas.height = Math.round((canvas.width * video.videoHeight) / video.videoWidth);
        canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
        const frame = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
        try {
          const seen = await read(frame, false);
          const all = seen.codes;
          const now = performance.now();
          const codes = all.filter((code) => now - (taken.get(code.scan) ?? -AGAIN_MS) >= AGAIN_MS);
          // Held in front of the camera, it is still the same scan.
          for (const code of all) taken.set(code.scan, now);
          if (codes.length && box.open) {
            if (field.dataset.camera === "many") {
              const done = collect(field, seen, codes, (several) => {
                stop();
                video.remove();
                inTurn(field, several, status);
              });
              if (!done) return;
              status.textContent = done.map((code) => code.title).join(", ");
            } else if (codes.length === 1) {
              close();
              enter(field, codes[0]);
            } else {
              stop();
              video.remove();
              listed(field, codes, status, close);
              return;
            }
          }
        } catch (error) {
          status.textContent = error.message || words.trouble;
        }
      }
      await new Promise((done) => window.setTimeout(done, Math.max(50, FRAME_MS - (performance.now() - began))));
    }
  };

  const photo = (field) => {
    // A telephone of Apple's turns its photos into JPEG where nothing else is taken: smaller work for the server. A
    // computer only shows the files that are named here.
    const own = navigator.maxTouchPoints ? "" : ",image/heic,image/heif,.heic,.heif";
    const input = made("input", { type: "file", accept: `image/jpeg,image/png,image/webp${own}`, hidden: true });
    input.setAttribute("capture", "environment");
    document.body.append(input);
    input.addEventListener("cancel", () => input.remove());
    input.addEventListener("change", async () => {
      const picture = input.files[0];
      input.remove();
      if (!picture) return;
      const { status, close } = dialog(field);
      status.textContent = words.reading;
      try {
        const seen = await read(picture, true);
        const { codes } = seen;
        if (!codes.length) status.textContent = words.none;
        else if (field.dataset.camera === "many") {
          if (collect(field, seen, codes, (several) => inTurn(field, several, status))) close();
        } else if (codes.length === 1) {
          close();
          enter(field, codes[0]);
        } else listed(field, codes, status, close);
      } catch (error) {
        status.textContent = error.message || words.trouble;
      }
    });
    input.click();
  };

  for (const field of document.querySelectorAll("input[data-camera]")) {
    const button = made("button", { type: "button", className: "button camera-button" });
    button.setAttribute("aria-label", words.open);
    button.append(document.getElementById("camera-icon").content.cloneNode(true));
    button.addEventListener("click", () => (live ? watch(field) : photo(field)));
    field.after(button);
    field.closest(".scan")?.classList.add("has-camera");
  }
})();
