// Sharing a page: the device's own way where it has one, else the address is copied; the field with the address stays.
const share = document.querySelector(".share-page");
if (share) {
  const field = share.querySelector("input");
  const status = share.querySelector("[role=status]");
  const page = { title: document.querySelector("h1").textContent, url: field.value };
  field.addEventListener("focus", () => field.select());
  const copy = async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(page.url);
      status.textContent = share.dataset.copied;
    } catch {
      status.textContent = ""; // the address is selected: it can be copied by hand
    }
  };
  share.addEventListener("toggle", () => { if (share.open) copy(); });
  if (navigator.share) {
    share.querySelector("summary").addEventListener("click", (event) => {
      event.preventDefault();
      navigator.share(page).catch((error) => { if (error.name !== "AbortError") share.open = true; });
    });
  }
}
