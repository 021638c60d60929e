"use strict";

// Arranging a label: elements are dragged in the picture. The numbers beside it do the same without this file.
(() => {
  const form = document.querySelector("[data-arrange]");
  if (!form) return;
  for (const hint of form.querySelectorAll("[data-with-script]")) hint.hidden = false;

  // Tenths of a millimetre are as fine as anybody glues.
  const round = (value) => Math.round(value * 10) / 10;
  const row = (number) => form.querySelector(`[data-row="${number}"]`);
  const measure = (number, name) => row(number).querySelector(`[data-measure="${name}"]`);
  const picture = () => form.querySelector(".label-picture");
  let chosen = 0;

  const choose = (number) => {
    chosen = number;
    for (const one of form.querySelectorAll("[data-row]")) one.toggleAttribute("data-chosen", Number(one.dataset.row) === number);
    mark();
  };

  // The picture comes anew with every change: what was chosen in it is marked again.
  const mark = () => {
    const svg = picture();
    if (!svg) return;
    for (const corner of svg.querySelectorAll(".corner")) corner.remove();
    for (const group of svg.querySelectorAll("g")) group.classList.toggle("chosen", Number(group.dataset.element) === chosen);
    const box = svg.querySelector(`g[data-element="${chosen}"] .box`);
    if (!box) return;
    const size = svg.viewBox.baseVal.width / 40;
    const corner = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    corner.setAttribute("class", "corner");
    corner.setAttribute("width", size);
    corner.setAttribute("height", size);
    corner.setAttribute("x", Number(box.getAttribute("x")) + Number(box.getAttribute("width")) - size / 2);
    corner.setAttribute("y", Number(box.getAttribute("y")) + Number(box.getAttribute("height")) - size / 2);
    box.after(corner);
  };

  form.addEventListener("pointerdown", (event) => {
    const shape = event.target;
    if (!(shape instanceof SVGElement) || !shape.matches(".box, .corner")) return;
    event.preventDefault();
    const svg = picture();
    const number = Number(shape.closest("g").dataset.element);
    const sizing = shape.classList.contains("corner");
    choose(number);
    const group = svg.querySelector(`g[data-element="${number}"]`);
    const names = sizing ? ["width_mm", "height_mm"] : ["x_mm", "y_mm"];
    const fields = names.map((name) => measure(number, name));
    const before = fields.map((field) => Number(field.value) || 0);
    const [left, top, width, height] = ["x_mm", "y_mm", "width_mm", "height_mm"].map((name) => Number(measure(number, name).value) || 0);
    const label = svg.viewBox.baseVal;
    // It stays on the label.
    const least = sizing ? [1, 0.2] : [0, 0];
    const most = sizing ? [label.width - left, label.height - top] : [label.width - width, label.height - height];
    const perMm = svg.getScreenCTM().a;
    const start = [event.clientX, event.clientY];
    let moved = false;
    const move = (at) => {
      const way = [(at.clientX - start[0]) / perMm, (at.clientY - start[1]) / perMm];
      const now = before.map((value, axis) => round(Math.min(Math.max(value + way[axis], least[axis]), Math.max(most[axis], least[axis]))));
      moved = moved || now.some((value, axis) => value !== before[axis]);
      fields.forEach((field, axis) => {
        field.value = String(now[axis]);
      });
      if (sizing) {
        const box = group.querySelector(".box");
        box.setAttribute("width", now[0]);
        box.setAttribute("height", now[1]);
      } else {
        group.setAttribute("transform", `translate(${now[0] - before[0]} ${now[1] - before[1]})`);
      }
    };
    const stop = () => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", stop);
      window.removeEventListener("pointercancel", stop);
      if (moved) fields[0].dispatchEvent(new Event("change", { bubbles: true }));
      else row(number).scrollIntoView({ block: "nearest" });
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", stop);
    window.addEventListener("pointercancel", stop);
  });

  form.addEventListener("focusin", (event) => {
    const around = event.target.closest("[data-row]");
    if (around) choose(Number(around.dataset.row));
  });
  document.addEventListener("htmx:afterSwap", mark);
})();
