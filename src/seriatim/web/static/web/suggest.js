"use strict";

// Fields for something that has a code: what fits is offered below while one types its code or its name.
//
// A list of our own and not the browser's: on a phone that one hides in a strip above the keys or is not there at all,
// and nowhere does it say what a code stands for. A scanner needs none of it: it types the whole code and its Enter,
// and nothing is chosen that somebody has not chosen, unless it is the only thing that fits.
(() => {
  const WAIT_MS = 150;
  // As many as the server offers at once.
  const MOST = 20;
  const words = document.body.dataset;
  let lists = 0;

  // What moves the page waits while a button is pressed: else it is not there any more when it is let go, and the press
  // is lost.
  let pressed = false;
  const later = [];
  const steadily = (act) => (pressed ? later.push(act) : act());
  const letGo = () => {
    pressed = false;
    window.setTimeout(() => later.splice(0).forEach((act) => act()));
  };
  document.addEventListener("pointerdown", () => (pressed = true), true);
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, letGo, true);

  const element = (tag, className, text = "") => {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  };

  const prepare = (field) => {
    const id = `suggested-${++lists}`;
    const address = `${field.dataset.suggest}${field.dataset.suggest.includes("?") ? "&" : "?"}`;
    const popup = element("div", "suggested");
    const list = element("ul", "");
    const note = element("p", "quiet");
    const name = element("p", "help named");
    popup.hidden = true;
    list.id = id;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", words.fits);
    popup.append(list, note);
    field.parentElement.classList.add("suggests");
    field.after(popup);
    if (field.closest(".field")) popup.after(name);
    for (const [attribute, value] of [
      ["role", "combobox"],
      ["aria-autocomplete", "list"],
      ["aria-expanded", "false"],
      ["aria-controls", id],
    ])
      field.setAttribute(attribute, value);

    let timer = 0;
    let asked = null;
    let found = [];
    let active = -1;

    const same = (a, b) => a.toLowerCase() === b.toLowerCase();
    const known = (text) => found.find(([code]) => same(code, text));

    const close = () => {
      popup.hidden = true;
      list.replaceChildren();
      active = -1;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    };

    const say = () => {
      const text = field.value.trim();
      const one = asked === text ? known(text) : null;
      steadily(() => (name.textContent = one && one[1] !== one[0] ? one[1] : ""));
    };

    const mark = (next) => {
      const options = [...list.children];
      if (!options.length) return;
      active = (next + options.length) % options.length;
      options.forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
      field.setAttribute("aria-activedescendant", options[active].id);
      options[active].scrollIntoView({ block: "nearest" });
    };

    const take = ([code]) => {
      field.value = code;
      asked = code;
      say();
      close();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    };

    const open = () => {
      list.replaceChildren(
        ...found.map(([code, what], place) => {
          const option = document.createElement("li");
          option.id = `${id}-${place}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.append(element("strong", "number", code));
          if (what !== code) option.append(" ", element("span", "quiet", what));
          option.addEventListener("click", () => take(found[place]));
          return option;
        }),
      );
      note.textContent = !found.length ? words.none : found.length >= MOST ? words.more : "";
      note.hidden = !note.textContent;
      active = -1;
      field.removeAttribute("aria-activedescendant");
      popup.hidden = false;
      field.setAttribute("aria-expanded", "true");
    };

    const ask = async () => {
      const text = field.value.trim();
      if (text === asked) return true;
      try {
        const answer = await fetch(`${address}q=${encodeURIComponent(text)}`);
        if (!answer.ok || text !== field.value.trim()) return false;
        ({ found } = await answer.json());
        asked = text;
        say();
        return true;
      } catch {
        // Without an answer one types the whole code.
        return false;
      }
    };
    const offer = async () => {
      if ((await ask()) && document.activeElement === field) open();
    };

    // What was typed fits one thing only: that is the one.
    const settle = () => {
      const text = field.value.trim();
      if (!text || asked !== text || known(text) || found.length !== 1) return false;
      [[field.value]] = found;
      asked = field.value;
      say();
      return true;
    };

    field.addEventListener("input", () => {
      name.textContent = "";
      window.clearTimeout(timer);
      timer = window.setTimeout(offer, WAIT_MS);
    });
    field.addEventListener("click", () => popup.hidden && offer());
    // Before others hear of the change, so that they get the code.
    field.addEventListener("change", settle, { capture: true });
    field.addEventListener("blur", async () => {
      window.clearTimeout(timer);
      close();
      // Whoever types faster than the server answers: what it was is said afterwards.
      if (field.value.trim() && asked !== field.value.trim() && (await ask()) && settle())
        field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (popup.hidden) offer();
        else mark(active < 0 && event.key === "ArrowUp" ? -1 : active + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Escape" && !popup.hidden) {
        event.stopPropagation();
        close();
      } else if (event.key === "Enter" && !popup.hidden && active >= 0) {
        // In a careful form the same Enter goes on to the next field; elsewhere it must not send the form.
        event.preventDefault();
        take(found[active]);
      }
    });
    // A press on the list leaves the cursor in the field.
    popup.addEventListener("pointerdown", (event) => event.preventDefault());
    popup.addEventListener("mousedown", (event) => event.preventDefault());

    if (field.value && field.closest(".field")) ask();
  };

  const all = (root) => {
    for (const field of root.querySelectorAll("input[data-suggest]:not([role=combobox])")) prepare(field);
  };
  all(document);
  document.addEventListener("htmx:load", (event) => all(event.target));
})();
