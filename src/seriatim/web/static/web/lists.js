"use strict";

// Lists work without this file: it says what a new page of one holds, shows what was chosen, ticks a page at once.
(() => {
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "list") return;
    const said = document.getElementById("said");
    const count = event.target.querySelector("[data-said]");
    if (said && count && !count.hidden) said.textContent = count.dataset.said;
    // What was wrong with the filters before is over; what is wrong with them now stands above the list.
    for (const wrong of document.querySelectorAll("#list-form .wrong")) wrong.remove();
    for (const field of document.querySelectorAll("#list-form [aria-invalid]")) field.removeAttribute("aria-invalid");
  });

  // Enter in a field that was changed fires `change` and `submit` at once. The second answer would only take away what
  // the user has opened or ticked in the first.
  let asked = { path: "", at: -Infinity };
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.id !== "list-form") return;
    const path = event.detail.pathInfo.finalRequestPath;
    const at = event.detail.requestConfig.triggeringEvent?.timeStamp ?? Infinity;
    if (path === asked.path && at - asked.at < 100) event.preventDefault();
    else asked = { path, at };
  });

  // What is chosen shows on the button at once; the list itself is asked for by the form.
  document.addEventListener("change", (event) => {
    const pick = event.target instanceof Element ? event.target.closest("details.pick") : null;
    if (!pick) return;
    const chosen = [...pick.querySelectorAll("input:checked")].map((box) => box.parentElement.textContent.trim());
    const shown = pick.querySelector(".picked");
    shown.textContent = chosen.join(", ") || pick.dataset.any;
  });

  // Rows that are selected: a whole page by one tick, from here to there with Shift, and how many they are.
  let last = null;
  const boxes = () => [...document.querySelectorAll("#list .tick .pick")];

  const count = (spoken) => {
    const form = document.getElementById("picked");
    if (!form) return;
    const all = boxes();
    const ticked = all.filter((box) => box.checked).length;
    const page = document.getElementById("pick-page");
    page.closest("label").hidden = false;
    page.checked = ticked > 0 && ticked === all.length;
    page.indeterminate = ticked > 0 && ticked < all.length;
    const every = form.elements.every.checked;
    const words = every ? form.dataset.all : form.dataset.count.replace("{n}", ticked);
    const shown = form.querySelector(".picked-count");
    shown.textContent = words;
    shown.hidden = every || !ticked;
    const said = document.getElementById("said");
    if (spoken && said) said.textContent = words;
  };

  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || !box.matches("#list .tick .pick")) return;
    const all = boxes();
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
      for (const between of all.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
  });

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || !box.closest("#list")) return;
    if (box.id === "pick-page") for (const one of boxes()) one.checked = box.checked;
    if (box.id === "pick-page" || box.classList.contains("pick")) count(true);
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "list") count(false);
  });
  // Whoever comes back finds the ticks as they were left.
  window.addEventListener("pageshow", () => count(false));
})();
