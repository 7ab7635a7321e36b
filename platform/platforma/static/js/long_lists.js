// Long lists of filters: a field that hides the choices without what is typed; chosen ones stay.
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
for (const box of document.querySelectorAll("[data-find]")) {
  const field = document.createElement("input");
  field.type = "search";
  field.className = "find";
  field.setAttribute("aria-label", box.dataset.find);
  field.placeholder = box.dataset.find;
  field.addEventListener("input", () => {
    for (const choice of box.children) {
      const isChosen = choice.querySelector("input").checked;
      choice.hidden = !isChosen && !fold(choice.textContent).includes(fold(field.value));
    }
  });
  field.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  box.before(field);
}
