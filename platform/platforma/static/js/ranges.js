// In a list with boxes to tick, a click with Shift ticks or clears all from the box that was clicked before.
"use strict";
for (const list of document.querySelectorAll("[data-ranges]")) {
  let last = null;
  list.addEventListener("click", (event) => {
    const box = event.target.closest("input[type=checkbox]");
    if (!box) return;
    const boxes = [...list.querySelectorAll("input[type=checkbox]")];
    if (event.shiftKey && last) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const one of boxes.slice(from, to + 1)) one.checked = box.checked;
    }
    last = box;
  });
}
