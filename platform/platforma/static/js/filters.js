// Filters: each change is applied at once, without losing the place on the page; long lists are searched by name.
const RENEWED = "[data-renewed]";
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
let shown = location.pathname + location.search;
let pending = null;

const addNameFields = () => {
  for (const list of document.querySelectorAll("details[data-find]:not([data-has-field])")) {
    const field = document.createElement("input");
    list.dataset.hasField = "";
    field.type = "search";
    field.setAttribute("aria-label", list.dataset.find);
    field.placeholder = list.dataset.find;
    field.addEventListener("input", () => {
      for (const choice of list.querySelectorAll(".check")) {
        const isChosen = choice.querySelector("input").checked;
        choice.hidden = !isChosen && !fold(choice.textContent).includes(fold(field.value));
      }
    });
    field.addEventListener("change", (event) => event.stopPropagation());
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    list.querySelector("summary").after(field);
  }
};
const markForm = () => { document.getElementById("filter-form")?.classList.add("at-once"); addNameFields(); };

// The element of the new page that takes the place of one of the old: by id, else by name and value, wanted or left out.
const counterpart = (element) => {
  if (!element || element === document.body) return null;
  if (element.id) return document.getElementById(element.id);
  if (!element.name) return null;
  const same = [...document.getElementsByName(element.name)].filter((one) => one.type !== "hidden");
  const bare = (value) => value.replace(/^-/, "");
  return same.find((one) => one.value === element.value) ?? same.find((one) => bare(one.value) === bare(element.value)) ?? null;
};

const renew = (page) => {
  const focused = document.activeElement;
  const top = focused?.getBoundingClientRect().top;
  const open = [...document.querySelectorAll(`${RENEWED} details[open][id]`)].map((one) => one.id);
  for (const old of document.querySelectorAll(RENEWED)) {
    const fresh = page.getElementById(old.id);
    if (fresh) old.replaceChildren(...document.importNode(fresh, true).childNodes);
  }
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  for (const link of document.querySelectorAll("[hreflang][href]")) {
    const fresh = page.querySelector(`${link.localName}[hreflang="${link.hreflang}"]`);
    if (fresh) link.href = fresh.getAttribute("href");
  }
  document.title = page.title;
  markForm();
  const next = focused?.isConnected ? null : counterpart(focused);
  if (next) {
    next.focus({ preventScroll: true });
    scrollBy(0, next.getBoundingClientRect().top - top);
  }
  document.dispatchEvent(new Event("results-renewed"));
};

const show = async (address, isNew) => {
  pending?.abort();
  pending = new AbortController();
  const { signal } = pending;
  const results = document.getElementById("results");
  results.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !page.getElementById("results")) { location.assign(address); return; }
    if (isNew) history.pushState(null, "", address + (location.hash === "#filters" ? location.hash : ""));
    shown = location.pathname + location.search;
    renew(page);
    results.removeAttribute("aria-busy");
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  }
};

// The address of the form as it stands; a button adds its own value, and what it leaves out is not wanted any more.
const addressOf = (form, button) => {
  const pairs = [...new FormData(form)].filter(([name, value]) => value && !(name === "km" && !form.elements.near.value));
  const kept = button?.name ? pairs.filter(([name, value]) => name !== button.name || `-${value}` !== button.value) : pairs;
  const query = new URLSearchParams(button?.name ? [...kept, [button.name, button.value]] : kept).toString();
  return form.getAttribute("action") + (query ? `?${query}` : "");
};

if (document.getElementById("filter-form")) {
  markForm();
  document.addEventListener("change", (event) => {
    const { form, id } = event.target;
    if (form?.id !== "filter-form" || (id === "km" && !form.elements.near.value)) return;
    show(addressOf(form, null), true);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "filter-form") return;
    event.preventDefault();
    show(addressOf(event.target, event.submitter), true);
  });
  addEventListener("popstate", () => {
    if (location.pathname + location.search !== shown) show(location.href, false);
  });
  document.addEventListener("click", (event) => {
    const menu = document.querySelector("details.sorts[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.activeElement.closest("details.sorts[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
}
