// On a listing's page: a link back to the search that led here takes the place of the way by kind and country.
const crumbs = document.querySelector("[data-results]");
const from = crumbs && document.referrer ? new URL(document.referrer) : null;
if (from && from.origin === location.origin && /\/(search|map|table)$/.test(from.pathname)) {
  const words = from.searchParams.get("q");
  const back = document.createElement("a");
  back.href = from.pathname + from.search;
  back.textContent = `‹ ${words ? crumbs.dataset.resultsFor.replace("{words}", () => words) : crumbs.dataset.results}`;
  crumbs.replaceChildren(back);
}
