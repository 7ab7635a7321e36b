// The service worker is registered on each page; a page that it took from what was saved says from when it is.
const { worker, savedCopy } = document.body.dataset;
const savedAt = document.documentElement.dataset.savedAt;
if (worker && "serviceWorker" in navigator) {
  const isFirst = !navigator.serviceWorker.controller;
  addEventListener("load", async () => {
    try {
      await navigator.serviceWorker.register(worker, { updateViaCache: "none" });
      const { active } = await navigator.serviceWorker.ready;
      if (isFirst) active.postMessage({ keep: location.pathname + location.search });
    } catch { /* the site works without */ }
  });
}
if (savedAt && savedCopy) {
  const note = document.createElement("p");
  note.className = "notice saved-copy";
  note.setAttribute("role", "status");
  note.textContent = savedCopy.replace("{date}", dayOf(savedAt, "genitive"));
  document.querySelector("main").prepend(note);
}

// A day as the page's language writes it; Latvian ends it in the genitive after "no".
function dayOf(moment, grammaticalCase) {
  const lang = document.documentElement.lang;
  const text = new Date(moment).toLocaleDateString(lang === "en" ? "en-GB" : lang, { dateStyle: "long" });
  return lang === "lv" && grammaticalCase === "genitive" ? text.replace(/lis$/, "ļa").replace(/i?s$/, "a") : text;
}
