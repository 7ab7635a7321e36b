// Links on the page of a listing that lead on to other sites are counted: which listing and what sort of link, nothing of who follows it.
const listing = document.querySelector("[data-clicks]");
if (listing && navigator.sendBeacon) {
  const count = (event) => {
    const link = event.target.closest("a[data-leads]");
    const isMiddle = event.type === "auxclick" && event.button === 1;
    if (!link || (event.type === "auxclick" && !isMiddle)) return;
    navigator.sendBeacon(listing.dataset.clicks, new URLSearchParams({ listing: listing.dataset.listing, leads: link.dataset.leads }));
  };
  for (const name of ["click", "auxclick"]) listing.addEventListener(name, count);
}
