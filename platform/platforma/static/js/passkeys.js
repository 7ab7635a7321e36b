// Forms with options for a passkey: the browser makes or uses one, and the form sends what it answered.
"use strict";
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  const optionsOf = (form) => {
    const options = JSON.parse(form.dataset.options);
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const one of [...(options.excludeCredentials ?? []), ...(options.allowCredentials ?? [])]) one.id = bytes(one.id);
    return { publicKey: options };
  };
  const answerOf = (made) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[name]) response[name] = text(made.response[name]);
    }
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response });
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const failure = form.querySelector("[role=alert]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      failure.hidden = true;
      try {
        const made = await navigator.credentials[form.dataset.passkey](optionsOf(form));
        form.elements.answer.value = answerOf(made);
        form.submit();
      } catch {
        failure.hidden = false;
      }
    });
  }
  for (const note of document.querySelectorAll("[data-without-passkeys]")) note.hidden = true;
})();
