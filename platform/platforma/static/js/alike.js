// While a name is typed in the form that adds a listing, those that are listed already stand below it, as links.
for (const place of document.querySelectorAll("[data-alike]")) {
  const input = document.getElementById(place.dataset.alikeFor);
  let timer = 0;
  let asked = 0;
  place.setAttribute("role", "status");
  place.className = "alike";

  const show = (items) => {
    const title = document.createElement("p");
    const list = document.createElement("ul");
    title.textContent = place.dataset.alikeTitle;
    list.append(...items.map((item) => {
      const entry = document.createElement("li");
      const link = document.createElement("a");
      link.href = item.url;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = item.label;
      entry.append(link, ` ${item.about}`);
      return entry;
    }));
    place.replaceChildren(...(items.length ? [title, list] : []));
  };
  const ask = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(`${place.dataset.alike}?q=${encodeURIComponent(input.value)}`);
      const found = answer.ok ? (await answer.json()).items : [];
      if (mine === asked) show(found.filter((item) => item.url.includes(place.dataset.alikePath)));
    } catch { show([]); }
  };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 250); });
}
