// The service worker: pages that one looked at, and what they are made of, for when there is no network. SITE comes before this
// text (web/public/offline/views.py): addresses, languages, what is never kept, and a version that changes with all of it.
"use strict";
const SHELL = `platforma-shell-${SITE.version}`, PAGES = "platforma-pages", PICTURES = "platforma-pictures";
const MAX_PAGES = 100, MAX_PICTURES = 300, PATIENCE_MS = 3000;
const SAVED_AT = "x-saved-at";

self.addEventListener("install", (event) => {
  event.waitUntil(fillShell().then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(removeOldShells().then(() => self.clients.claim()));
});
self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || !url.pathname.startsWith(SITE.root)) return;
  const path = url.pathname.slice(SITE.root.length);
  if (path.startsWith("assets/")) event.respondWith(asset(request));
  else if (path.startsWith("pictures/")) event.respondWith(picture(request));
  else if (request.mode === "navigate" && isForEverybody(path)) event.respondWith(page(event, request, path));
});
// The page that was there before the worker was: without this the first page that one looks at would not be kept.
self.addEventListener("message", (event) => {
  const path = String(event.data?.keep ?? "");
  if (path.startsWith(SITE.root) && isForEverybody(new URL(path, location.origin).pathname.slice(SITE.root.length))) event.waitUntil(fetchAndKeep(path));
});

// Pages are asked for as a visitor, so that nothing of whoever is signed in is among them.
async function fillShell() {
  const cache = await caches.open(SHELL);
  await Promise.all([...SITE.pages, ...SITE.assets].map(async (address) => {
    const answer = await fetch(address, { credentials: "omit", cache: "no-cache" });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    await cache.put(address, await dated(answer));
  }));
}

async function removeOldShells() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("platforma-shell-") && name !== SHELL).map((name) => caches.delete(name)));
}

function isForEverybody(path) {
  const [lang, first, ...rest] = path.split("/");
  return SITE.languages.includes(lang) && !SITE.never.includes(first) && !/\.\w+$/.test(path) && rest.at(-1) !== "report";
}

// The page of the network; after some seconds without an answer, or without a network, the saved copy.
async function page(event, request, path) {
  const saved = await savedPage(request);
  const answer = fetch(request);
  event.waitUntil(answer.then((fresh) => keepPage(request, fresh.clone()), () => {}));
  try {
    return await (saved ? Promise.race([answer, later(PATIENCE_MS)]) : answer);
  } catch {
    return saved ? marked(saved) : fallback(path);
  }
}

const later = (ms) => new Promise((_, reject) => setTimeout(() => reject(new Error("no answer")), ms));

async function savedPage(request) {
  return (await caches.match(request, { cacheName: PAGES })) ?? caches.match(request, { cacheName: SHELL });
}

async function fetchAndKeep(path) {
  const request = new Request(path);
  await keepPage(request, await fetch(request));
}

async function keepPage(request, answer) {
  const rules = answer.headers.get("cache-control") ?? "";
  if (answer.status === 404 || answer.status === 410) await (await caches.open(PAGES)).delete(request);
  if (!answer.ok || answer.redirected || /private|no-store/.test(rules) || request.url.includes("/offline")) return;
  await keep(PAGES, request, await dated(answer), MAX_PAGES);
}

// The newest stands last; what is over the number goes from the front. Without room nothing is kept, and nothing breaks.
async function keep(name, request, answer, most) {
  try {
    const cache = await caches.open(name);
    await cache.delete(request);
    await cache.put(request, answer);
    const addresses = await cache.keys();
    await Promise.all(addresses.slice(0, Math.max(0, addresses.length - most)).map((one) => cache.delete(one)));
  } catch { /* no room */ }
}

async function dated(answer) {
  const headers = new Headers(answer.headers);
  headers.set(SAVED_AT, new Date().toISOString());
  return new Response(await answer.blob(), { status: answer.status, headers });
}

// The page's script says from when the copy is, where the page carries the date.
async function marked(saved) {
  const at = saved.headers.get(SAVED_AT);
  const text = (await saved.text()).replace("<html ", `<html data-saved-at="${at}" `);
  return new Response(text, { headers: saved.headers });
}

// Nothing was kept of this page: the page that searches the saved catalogue, which knows what was asked for by the address.
async function fallback(path) {
  const lang = path.split("/")[0];
  const address = SITE.pages.find((one) => one.endsWith(`/${lang}/offline`));
  const answer = await (await caches.open(SHELL)).match(address);
  return answer ?? Response.error();
}

// Names change with the content, so a kept file is the right one; a page of an earlier version gets the file that took its place.
async function asset(request) {
  const cache = await caches.open(SHELL);
  const kept = await cache.match(request);
  if (kept) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok) keep(SHELL, request, answer.clone(), MAX_PICTURES);
    return answer;
  } catch {
    const [stem, suffix] = [/^(.*\/[^/.]+)\.\w+\.(\w+)$/.exec(request.url)?.[1], request.url.split(".").at(-1)];
    const current = (await cache.keys()).find((one) => stem && one.url.startsWith(`${stem}.`) && one.url.endsWith(`.${suffix}`));
    return (current && (await cache.match(current))) || Response.error();
  }
}

async function picture(request) {
  const kept = await caches.match(request, { cacheName: PICTURES });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) keep(PICTURES, request, answer.clone(), MAX_PICTURES);
  return answer;
}
