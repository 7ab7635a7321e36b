// The widget: each link with data-platforma to a search of this site becomes a list of its results, in a shadow of its own that
// styles of the page do not reach. What does not work leaves the link as it stands. STYLE comes before this text
// (web/public/embed/script.py); a style sheet that a script makes needs no leave of a content security policy.
const base = document.currentScript.src.replace(/\/embed\/[^/]*$/, "");
const SETTINGS = ["limit", "look", "ground", "text", "links"];
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

function made(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

const linked = (label, url) => url.startsWith(`${base}/`) ? made("a", { href: url }, label) : made("span", {}, label);

function addressOf(link) {
  const address = new URL(link.href);
  address.pathname = address.pathname.replace(/\/search$/, "/embed.json");
  for (const name of SETTINGS) if (link.dataset[name]) address.searchParams.set(name, link.dataset[name]);
  return address;
}

async function asked(address) {
  const answer = await fetch(address, { credentials: "omit" });
  if (!answer.ok) throw new Error(`${answer.status}: ${address}`);
  return answer.json();
}

function fill(parts, answer) {
  parts.title.textContent = answer.title;
  parts.found.textContent = answer.found;
  parts.list.replaceChildren(...answer.lines.map(lineOf));
  parts.list.hidden = !answer.lines.length;
  parts.more.replaceChildren(linked(answer.words.more, answer.more_url));
}

function lineOf(line) {
  const title = linked(line.title, line.url);
  if (line.lang) title.lang = line.lang;
  return made("li", {}, title, ...[line.facts, line.credit].filter(Boolean).map((text) => made("span", {}, text)));
}

// A search by words; the filters of the link stay. Of two answers the later question's counts.
function field(parts, words, address) {
  const input = made("input", { type: "search", name: "q", maxLength: 500, value: address.searchParams.get("q") ?? "" });
  const form = made("form", {}, made("label", {}, words.field, input), made("button", {}, words.button));
  form.setAttribute("role", "search");
  let turn = 0;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const own = ++turn;
    address.searchParams.set("q", input.value);
    try {
      const answer = await asked(address);
      if (own === turn) fill(parts, answer);
    } catch {
      if (own === turn) parts.found.textContent = words.failed;
    }
  });
  return form;
}

function widget(link, answer, address) {
  const { words } = answer, root = made("section", { className: `widget ${answer.look}`, lang: words.lang });
  root.setAttribute("aria-label", words.site);
  for (const [name, colour] of Object.entries(answer.palette)) root.style.setProperty(`--${name}`, colour);
  const parts = { title: made("h2"), found: made("p", { className: "found" }), list: made("ol"), more: made("p", { className: "more" }) };
  parts.found.setAttribute("role", "status");
  fill(parts, answer);
  const form = link.dataset.field === "1" ? [field(parts, words, address)] : [];
  root.append(parts.title, ...form, parts.found, parts.list, parts.more, made("p", { className: "from" }, linked(words.site, words.site_url)));
  return root;
}

async function show(link) {
  if (!link.href.startsWith(`${base}/`)) return;
  link.removeAttribute("data-platforma");
  try {
    const address = addressOf(link), answer = await asked(address);
    const host = made("div"), shadow = host.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(widget(link, answer, address));
    const hadFocus = document.activeElement === link;
    link.replaceWith(host);
    if (hadFocus) shadow.querySelector("a, input").focus();
  } catch (error) {
    console.warn("Platforma:", error);
  }
}

const start = () => document.querySelectorAll("a[data-platforma]").forEach(show);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
