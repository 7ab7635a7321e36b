// Buttons that have a key of their own are pressed by it, unless the reader writes or has switched the keys off on this device.
"use strict";
(() => {
  const STORE = "platforma-keys";
  const toggle = document.querySelector("[data-keys]");
  const buttons = [...document.querySelectorAll("button[data-key]")];
  let isSent = false;
  const stored = () => { try { return localStorage.getItem(STORE); } catch { return null; } };

  const show = (isOn) => {
    document.documentElement.classList.toggle("with-keys", isOn);
    for (const button of buttons) {
      if (isOn) button.setAttribute("aria-keyshortcuts", button.dataset.key);
      else button.removeAttribute("aria-keyshortcuts");
    }
  };
  const isWriting = (element) => element.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (isSent || event.repeat || event.ctrlKey || event.altKey || event.metaKey || isWriting(event.target)) return;
    const button = toggle?.checked === false ? null : buttons.find((one) => one.dataset.key === event.key);
    if (!button) return;
    isSent = true;
    event.preventDefault();
    button.click();
  });
  addEventListener("pageshow", () => { isSent = false; });
  if (toggle) {
    toggle.checked = stored() !== "off";
    toggle.closest("label").hidden = false;
    toggle.addEventListener("change", () => {
      try { localStorage.setItem(STORE, toggle.checked ? "on" : "off"); } catch { /* it holds for this page alone */ }
      show(toggle.checked);
    });
  }
  show(toggle?.checked !== false);
})();
