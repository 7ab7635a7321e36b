// Registering: how far a reading has come is shown without loading the page again; what is chosen for all is shown in the list at once.
const INTERVAL_MS = 1000;
const parsed = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

const progress = document.getElementById("progress");
const follow = async () => {
  try {
    const fresh = (await parsed(await fetch(location.href))).getElementById("progress");
    if (!fresh) { location.reload(); return; }
    if (fresh.textContent !== progress.textContent) progress.replaceChildren(...fresh.childNodes);
  } catch { /* the next look may succeed */ }
  setTimeout(follow, INTERVAL_MS);
};
if (progress) setTimeout(follow, INTERVAL_MS);

const form = document.getElementById("look");
let newest = 0;
const put = (fresh, id) => document.getElementById(id)?.replaceChildren(...document.importNode(fresh.getElementById(id), true).childNodes);
const show = async (isOfField) => {
  const mine = ++newest;
  const found = document.getElementById("found");
  const isOpen = document.getElementById("others")?.open;
  const sent = new FormData(form);
  sent.set("do", "show");
  found.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent });
    const fresh = await parsed(answer);
    if (mine !== newest || !fresh.getElementById("found")) return;
    if (answer.status === 400) {
      form.insertAdjacentHTML("beforeend", '<input type="hidden" name="do" value="show">');
      form.submit();
      return;
    }
    put(fresh, "found");
    if (isOfField) put(fresh, "asked");
    if (isOpen && document.getElementById("others")) document.getElementById("others").open = true;
  } catch { /* the list stays as it was; what is chosen goes with the form */
  } finally { if (mine === newest) found.removeAttribute("aria-busy"); }
};
form?.addEventListener("change", (event) => { if (event.target.localName === "select") show(event.target.name.startsWith("field-")); });
