"use strict";

// Forms work without this file. With it: Enter posts nothing by accident, a file or a text is not lost.
(() => {
  // A scanner ends each code with Enter. In a form of several fields that must go to the next field, not post what is
  // half filled. A form that is one field (a search) keeps what browsers do.
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.isComposing || !(field instanceof HTMLInputElement)) return;
    if (!field.form || !field.form.hasAttribute("data-careful") || field.type === "submit") return;
    event.preventDefault();
    const fields = [...field.form.elements].filter(
      (other) => !other.disabled && other.type !== "hidden" && other.tabIndex >= 0 && other.offsetParent,
    );
    const next = fields[fields.indexOf(field) + 1];
    if (next) next.focus();
  });

  const prepare = (root) => {
    // A choice that takes effect at once, where a button does it without JavaScript.
    for (const button of root.querySelectorAll("[data-without-script]")) button.hidden = true;
  };
  prepare(document);
  // What was refused is mended where it stands.
  const wrong = document.querySelector('main [aria-invalid="true"]');
  // A form that is the page's one task begins in its first empty field.
  const open = [...document.querySelectorAll("form[data-first] :is(input:not([type=hidden]), textarea)")].find(
    (field) => field.offsetParent && !field.value,
  );
  (wrong || open)?.focus();
  document.addEventListener("htmx:load", (event) => prepare(event.target));

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field instanceof HTMLElement && field.hasAttribute("data-submits")) field.form.requestSubmit();
  });

  // One press posts once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    window.setTimeout(() => delete form.dataset.sent, 5000);
  });
  // Whoever comes back by the browser's own button finds the form ready again.
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });

  // When the server does not answer a part of a page, that is said.
  const failed = () => {
    const said = document.getElementById("said");
    if (!said) return;
    said.textContent = document.body.dataset.offline;
    said.classList.remove("unseen");
    said.classList.add("offline");
  };
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:afterOnLoad", () => {
    const said = document.getElementById("said");
    if (said && said.classList.contains("offline")) {
      said.textContent = "";
      said.className = "unseen";
    }
  });
})();
