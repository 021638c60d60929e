"use strict";

// Lists work without this file: it says what a new page of one holds, and closes a choice that was left.
(() => {
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "list") return;
    const said = document.getElementById("said");
    const count = event.target.querySelector("[data-said]");
    if (said && count) said.textContent = count.dataset.said;
  });

  // What is chosen shows on the button at once; the list itself is asked for by the form.
  document.addEventListener("change", (event) => {
    const pick = event.target instanceof Element ? event.target.closest("details.pick") : null;
    if (!pick) return;
    const chosen = [...pick.querySelectorAll("input:checked")].map((box) => box.parentElement.textContent.trim());
    const shown = pick.querySelector(".picked");
    shown.textContent = chosen.join(", ") || pick.dataset.any;
  });
})();
