// The page about use without a network: saves the catalogue, searches it, shows a listing of it, lists and erases what is kept.
"use strict";
(() => {
  const CATALOGUE = "platforma-catalogue", PAGES = "platforma-pages", FORMAT = 1, MAX_ROWS = 100, FILTERS = ["kind", "country", "theme"];
  const box = document.querySelector("#offline"), words = JSON.parse(box.dataset.words), address = box.dataset.catalogue;
  const part = (name) => document.querySelector(`#device-${name}`);
  const locale = words.lang === "en" ? "en-GB" : words.lang;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const nominative = (moment) => new Date(moment).toLocaleDateString(locale, { dateStyle: "long" });
  // A day on which something was done: Latvian has the locative.
  const day = (moment) => (words.lang === "lv" ? nominative(moment).replace(/is$/, "ī").replace(/s$/, "ā") : nominative(moment));
  const megabytes = (bytes) => (bytes / 1e6).toLocaleString(locale, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
  const count = (number) => number.toLocaleString(locale);
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("platforma-device") : null;
  let search = null, made = null;

  const textOf = (texts, original) => {
    const lang = [words.lang, "lv", "en", original, ...Object.keys(texts ?? {})].find((code) => texts?.[code]);
    return lang ? { text: texts[lang], lang: lang === "und" ? "" : lang } : { text: "", lang: "" };
  };
  const titleOf = (listing) => textOf(listing.title, listing.original).text || listing.id;
  const label = (name, id) => search.catalogue.labels[words.lang][name][id] ?? id;
  const labels = (listing, name) => [listing[name] ?? []].flat().map((id) => label(name, id)).join(", ");

  function element(name, text = "", attributes = {}) {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) if (value) made.setAttribute(key, value);
    return made;
  }
  function spoken(name, { text, lang }, attributes = {}) {
    return element(name, text, { ...attributes, lang: lang === words.lang ? "" : lang });
  }

  async function start() {
    if (!("caches" in window) || !("serviceWorker" in navigator)) return unsupported();
    try {
      await readSaved();
      await listPages();
    } catch {
      return unsupported();
    }
    box.hidden = false;
    showAsked();
    await offerSize();
  }

  function unsupported() {
    box.hidden = true;
    part("unsupported").hidden = false;
  }

  async function readSaved() {
    const saved = await savedCatalogue();
    let read = null;
    try {
      read = saved ? new deviceSearch(usable(await saved.json())) : null;
      say(read ? fill(words.saved, { number: count(read.catalogue.listings.length), date: day(read.catalogue.made_on) }) : "");
    } catch {
      say(words.broken);
    }
    search = read; // until here the copy that was read before answers
    made = saved ? saved.headers.get("etag") : null;
    part("search").hidden = !search;
    part("update").hidden = !search;
    part("save").hidden = Boolean(search);
    if (search) offerFilters();
  }

  // The copy that was saved last; none where nothing is saved.
  async function savedCatalogue() {
    if (!(await caches.has(CATALOGUE))) return undefined;
    const copies = await (await caches.open(CATALOGUE)).keys();
    return copies.length ? caches.match(copies.at(-1), { cacheName: CATALOGUE }) : undefined;
  }

  // A copy goes only when the next one is there: a cache that runs out of room while it replaces one may lose both.
  async function keepCatalogue(bytes, etag) {
    const cache = await caches.open(CATALOGUE), former = await cache.keys();
    const headers = { "content-type": "application/json", etag: etag ?? "" };
    await cache.put(`${address}?saved=${Date.now()}`, new Response(bytes, { headers }));
    await Promise.all(former.map((one) => cache.delete(one)));
  }

  function usable(catalogue) {
    if (catalogue.format !== FORMAT) throw Object.assign(new Error("made for other scripts"), { name: "OtherFormat" });
    if (!Array.isArray(catalogue.listings)) throw new Error("not a catalogue");
    return catalogue;
  }

  const say = (text) => { part("state").textContent = text; };

  function offerFilters() {
    for (const name of FILTERS) {
      const options = Object.entries(search.catalogue.labels[words.lang][name]).sort(([, a], [, b]) => a.localeCompare(b, words.lang));
      const chosen = part(name).value;
      part(name).replaceChildren(new Option(words.all, ""), ...options.map(([id, text]) => new Option(text, id, false, id === chosen)));
    }
  }

  // What the address asks for: this page may stand in for one that was not kept.
  function showAsked() {
    const asked = new URLSearchParams(location.search);
    const id = asked.get("id") ?? /\/initiatives\/(\w+)\//.exec(location.pathname)?.[1];
    const stands = location.pathname !== box.dataset.page;
    part("instead").hidden = !stands;
    if (stands) part("instead").textContent = [words.not_here, search && fill(words.instead, { date: day(search.catalogue.made_on) })].filter(Boolean).join(" ");
    if (!search) return;
    part("q").value = asked.get("q") ?? "";
    for (const name of FILTERS) if ([...part(name).options].some((one) => one.value === asked.get(name))) part(name).value = asked.get(name) ?? "";
    if (id) showListing(id);
    else if (stands || [...asked.keys()].length) showResults();
  }

  function showResults() {
    const filters = Object.fromEntries(FILTERS.map((name) => [name, part(name).value]));
    const found = search.find(part("q").value, filters, titleOf);
    const category = new Intl.PluralRules(words.lang).select(found.length);
    part("number").textContent = found.length ? fill(words.results[category] ?? words.results.other, { number: count(found.length) }) : words.nothing;
    part("results").replaceChildren(...found.slice(0, MAX_ROWS).map(row));
    part("listing").hidden = true;
  }

  function row(listing) {
    const item = element("li"), text = element("div"), head = element("h3"), title = textOf(listing.title, listing.original);
    const letters = (title.text.match(/\p{L}+/gu) ?? [listing.id]).slice(0, 2).map((word) => word[0].toUpperCase()).join("");
    head.append(spoken("a", { ...title, text: titleOf(listing) }, { href: `${box.dataset.start}initiatives/${listing.id}/${listing.slug}` }));
    text.append(head, element("p", about(listing), { class: "about" }), spoken("p", textOf(listing.summary, listing.original), { class: "summary" }));
    item.append(element("p", letters, { class: `face tint-${listing.id.charCodeAt(0) % 5}`, "aria-hidden": "true" }), text);
    return item;
  }

  const about = (listing) => [labels(listing, "kind"), [listing.place, labels(listing, "country")].filter(Boolean).join(", "), dates(listing)].filter(Boolean).join(" · ");
  const dates = (listing) => [listing.starts, listing.ends].filter(Boolean).map((text) => (text.length < 10 ? text : nominative(text))).join(" – ");

  function showListing(id) {
    const listing = search.catalogue.listings.find((one) => one.id === id), place = part("listing");
    part("results").replaceChildren();
    part("number").textContent = listing ? "" : words.gone;
    place.hidden = !listing;
    if (!listing) return;
    const facts = element("dl", "", { class: "facts" });
    for (const [name, node] of contacts(listing)) facts.append(element("dt", name), node);
    place.replaceChildren(
      spoken("h2", { ...textOf(listing.title, listing.original), text: titleOf(listing) }), element("p", about(listing), { class: "quiet" }),
      ...paragraphs(listing),
      facts, element("p", fill(words.source, { sources: (listing.sources ?? []).join(", ") }), { class: "quiet" }));
    document.title = `${titleOf(listing)} – ${document.title.split(" – ").at(-1)}`;
    place.focus();
  }

  // The summary and the description, which some sources have alike.
  function paragraphs(listing) {
    const texts = ["summary", "description"].map((name) => textOf(listing[name], listing.original)).filter(({ text }) => text);
    return texts.filter(({ text }, at) => !texts.slice(0, at).some((one) => one.text === text)).map((one) => spoken("p", one, { class: "prose" }));
  }

  function contacts(listing) {
    const linked = (text, href) => { const node = element("dd"); node.append(element("a", text, { href, rel: "noopener" })); return node; };
    const found = [[words.dates, dates(listing)], [words.address, listing.address]].filter(([, text]) => text).map(([name, text]) => [name, element("dd", text)]);
    if (/^https?:/.test(listing.website ?? "")) found.push([words.website, linked(new URL(listing.website).host, listing.website)]);
    if (listing.email) found.push([words.email, linked(listing.email, `mailto:${encodeURI(listing.email)}`)]);
    if (listing.phone) found.push([words.phone, linked(listing.phone, `tel:${encodeURI(listing.phone)}`)]);
    return found;
  }

  async function offerSize() {
    try {
      const head = await fetch(address, { method: "HEAD", cache: "no-store", credentials: "omit" });
      const packed = head.headers.get("content-length"), unpacked = head.headers.get("x-unpacked-bytes");
      part("size").textContent = packed && unpacked ? fill(words.size, { packed: megabytes(packed), unpacked: megabytes(unpacked) }) : "";
      part("current").textContent = search && head.headers.get("etag") === made ? words.current : "";
    } catch {
      part("size").textContent = "";
    }
  }

  // What is saved changes only when all of the new catalogue has come and can be read.
  async function save() {
    const progress = part("progress");
    progress.hidden = false;
    part("save").disabled = part("update").disabled = true;
    say(words.saving);
    try {
      const answer = await fetch(address, { cache: "no-cache", credentials: "omit" });
      if (!answer.ok) throw new Error(String(answer.status));
      const bytes = await withProgress(answer, progress);
      usable(JSON.parse(await bytes.text()));
      await keepCatalogue(bytes, answer.headers.get("etag"));
      navigator.storage?.persist?.().catch(() => {});
      await readSaved();
      tabs?.postMessage("saved");
      await offerSize();
    } catch (error) {
      say({ QuotaExceededError: words.full, OtherFormat: words.newer }[error.name] ?? words.failed);
    }
    progress.hidden = true;
    part("save").disabled = part("update").disabled = false;
  }

  async function withProgress(answer, progress) {
    const pieces = [], reader = answer.body.getReader();
    progress.max = Number(answer.headers.get("x-unpacked-bytes")) || 1;
    progress.value = 0;
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      pieces.push(piece.value);
      progress.value += piece.value.length;
    }
    return new Blob(pieces);
  }

  async function listPages() {
    const requests = (await caches.has(PAGES)) ? (await (await caches.open(PAGES)).keys()).reverse() : [];
    const items = await Promise.all(requests.map(async (request) => {
      const saved = await caches.match(request, { cacheName: PAGES }), text = await saved.text();
      const title = new DOMParser().parseFromString(text, "text/html").title.split(" – ").slice(0, -1).join(" – ");
      const item = element("li"), url = new URL(request.url);
      item.append(element("a", title || url.pathname, { href: url.pathname + url.search }), ` ${fill(words.copy_of, { date: day(saved.headers.get("x-saved-at")) })}`);
      return item;
    }));
    part("pages").replaceChildren(...items);
    part("kept").hidden = !items.length;
  }

  async function erase() {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => /^platforma-(catalogue|pages|pictures)$/.test(name)).map((name) => caches.delete(name)));
    tabs?.postMessage("erased");
    await showErased();
  }

  async function showErased() {
    await readSaved();
    await listPages();
    part("number").textContent = "";
    part("results").replaceChildren();
    part("listing").hidden = true;
    part("current").textContent = "";
    say(words.erased);
  }

  // What another tab did with what is saved.
  async function follow({ data }) {
    if (data === "erased") return showErased();
    await readSaved();
    if (search && part("number").textContent) showResults();
    await offerSize();
  }

  part("save").addEventListener("click", save);
  part("update").addEventListener("click", save);
  part("erase").addEventListener("click", erase);
  tabs?.addEventListener("message", follow);
  part("form").addEventListener("submit", (event) => {
    event.preventDefault();
    showResults();
  });
  for (const name of FILTERS) part(name).addEventListener("change", showResults);
  window.deviceSearchFor = (text) => (search?.find(text, {}, titleOf) ?? []).map((listing) => listing.id);
  start();
})();
