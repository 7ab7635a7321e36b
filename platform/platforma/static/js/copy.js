// Buttons that copy a field, shown only with this script; what happened is spoken by the status beside them. Parts of the page
// may be renewed, so one listener serves all of them.
document.documentElement.classList.add("with-script");
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  const status = button.parentElement.querySelector("[role=status]");
  status.textContent = "";
  try {
    await navigator.clipboard.writeText(field.value);
    status.textContent = button.dataset.copied;
  } catch {
    field.focus();
    field.select();
    status.textContent = button.dataset.select;
  }
});
