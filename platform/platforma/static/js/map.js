// The map of a search: our own shapes, and the results as points that stand together where they are close.
"use strict";
(() => {
  const DETAIL_ZOOM = 7, NAMES_ZOOM = 7.25, MAX_ZOOM = 12, FIT_ZOOM = 10;
  const NAME_WIDTH = 6.4, NAME_HEIGHT = 15;
  const CLUSTER_PIXELS = 46, MAX_TITLES = 12, MARGIN = 0.3;
  const side = document.getElementById("map-side");
  if (!side || !window.L) return;
  const box = document.getElementById("map");
  const button = document.getElementById("search-visible");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let points = [], clusters = [], markers = new Map(), isGrid = false, lit = null, keepsView = false, loading = null;

  const element = (name, className, text) => {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text ?? "";
    return made;
  };
  const words = (name, number) => box.dataset[name].replace("{number}", new Intl.NumberFormat(document.documentElement.lang).format(number));

  // The map and what lies below the points.
  const helpers = { label: box.getAttribute("aria-label"), tiles: box.dataset.tiles };
  box.replaceChildren();
  box.classList.add("live");
  document.getElementById("map-help").hidden = false;
  const map = L.map(box, {
    attributionControl: Boolean(helpers.tiles), zoomControl: false, minZoom: 2, zoomSnap: helpers.tiles ? 1 : 0.25, maxZoom: MAX_ZOOM + (helpers.tiles ? 5 : 0),
    zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm, inertia: !calm, renderer: L.svg({ padding: 0.5 }),
  });
  L.control.zoom({ zoomInTitle: box.dataset.in, zoomOutTitle: box.dataset.out }).addTo(map);
  map.setView([58, 19], 4);
  const shape = (className) => ({ interactive: false, style: { className, weight: 1 } });
  const load = async (address, signal) => {
    const answer = await fetch(address, { signal });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  };

  const layTiles = () => {
    map.attributionControl.setPrefix("");
    L.tileLayer(helpers.tiles, { attribution: box.dataset.attribution, maxZoom: map.getMaxZoom() }).addTo(map);
  };
  const layShapes = async () => {
    const countries = await load(box.dataset.countries);
    const near = L.layerGroup(), names = L.layerGroup(), named = [];
    let rough = null, areas = null;
    const isDetailed = (feature) => areas?.features.some((area) => area.properties.country === feature.id);
    const layDetail = async () => {
      areas = await load(box.dataset.areas);
      const drawn = areas.features.filter((feature) => feature.geometry.type !== "Point");
      L.geoJSON(drawn, { interactive: false, style: (feature) => ({ className: feature.geometry.type === "MultiPolygon" ? "land detail" : "border", weight: 1 }) }).addTo(near);
      for (const { geometry, properties } of areas.features.filter((feature) => feature.geometry.type === "Point")) {
        const [lon, lat] = geometry.coordinates;
        const icon = L.divIcon({ className: "area-name", iconSize: [110, 18], html: element("span", "", properties.name) });
        named.push({ width: properties.name.length * NAME_WIDTH, marker: L.marker([lat, lon], { interactive: false, keyboard: false, icon }) });
      }
      rough = L.geoJSON(countries, { ...shape("land"), filter: (feature) => isDetailed(feature) });
      far.eachLayer((layer) => { if (isDetailed(layer.feature)) far.removeLayer(layer); });
      layForZoom();
    };
    const far = L.geoJSON(countries, shape("land")).addTo(map);
    const put = (layer, isShown) => { if (layer && map.hasLayer(layer) !== isShown) layer[isShown ? "addTo" : "remove"](map); };
    // Of the names, those that do not lie on each other at this zoom.
    const layNames = () => {
      const boxes = [];
      names.clearLayers();
      for (const { width, marker } of named) {
        const at = map.project(marker.getLatLng());
        const box = L.bounds([at.x - width / 2, at.y - NAME_HEIGHT / 2], [at.x + width / 2, at.y + NAME_HEIGHT / 2]);
        if (boxes.some((other) => other.intersects(box))) continue;
        boxes.push(box);
        names.addLayer(marker);
      }
    };
    let asked = false;
    const layForZoom = () => {
      const isNear = map.getZoom() >= DETAIL_ZOOM;
      if (isNear && !asked) { asked = true; layDetail().catch(() => { asked = false; }); }
      put(near, isNear && Boolean(areas));
      put(rough, !isNear);
      box.classList.toggle("near", isNear && Boolean(areas));
      if (map.getZoom() >= NAMES_ZOOM) layNames();
      put(names, map.getZoom() >= NAMES_ZOOM && named.length > 0);
    };
    map.on("zoomend", layForZoom);
    layForZoom();
  };

  // Points near each other at a zoom are one cluster, at the place of its first; so clusters never lie on each other.
  const clusterAll = () => {
    const zoom = map.getZoom(), cells = new Map();
    clusters = [];
    for (const point of points) {
      const at = map.project([point.lat, point.lon], zoom);
      const x = Math.floor(at.x / CLUSTER_PIXELS), y = Math.floor(at.y / CLUSTER_PIXELS);
      let found = null;
      for (let dx = -1; dx <= 1 && !found; dx++) for (let dy = -1; dy <= 1 && !found; dy++)
        found = cells.get(`${x + dx},${y + dy}`)?.find((one) => one.at.distanceTo(at) < CLUSTER_PIXELS) ?? null;
      if (!found) {
        found = { at, key: "", members: [], count: 0, place: L.latLng(point.lat, point.lon) };
        clusters.push(found);
        cells.set(`${x},${y}`, [...(cells.get(`${x},${y}`) ?? []), found]);
      }
      found.members.push(point);
      found.count += point.count;
    }
    for (const cluster of clusters) cluster.key = `${zoom}:${cluster.place.lat}:${cluster.place.lng}:${cluster.count}`;
  };
  const label = (cluster) => (cluster.count === 1 ? cluster.members[0].title : words("several", cluster.count));
  const markerOf = (cluster) => {
    const size = cluster.count === 1 ? 28 : Math.min(56, 30 + 5 * String(cluster.count).length);
    const face = cluster.count === 1 ? element("span", "dot") : element("span", "", new Intl.NumberFormat(document.documentElement.lang).format(cluster.count));
    const icon = L.divIcon({ className: cluster.count === 1 ? "point" : "cluster", iconSize: [size, size], html: face });
    const marker = L.marker(cluster.place, { icon, riseOnHover: true, keyboard: true });
    marker.on("add", () => {
      const made = marker.getElement();
      made.setAttribute("aria-label", label(cluster));
      made.title = label(cluster);
      made.addEventListener("mouseenter", () => lightRows(cluster, true));
      made.addEventListener("mouseleave", () => lightRows(cluster, false));
      made.addEventListener("focus", () => lightRows(cluster, true));
      made.addEventListener("blur", () => lightRows(cluster, false));
    });
    marker.on("click", (event) => open(cluster, event));
    marker.on("keypress", (event) => { if (event.originalEvent.key === "Enter") open(cluster, event); });
    return marker.addTo(map);
  };
  const draw = () => {
    const seen = map.getBounds().pad(MARGIN);
    const wanted = new Map(clusters.filter((cluster) => seen.contains(cluster.place)).map((cluster) => [cluster.key, cluster]));
    const hadFocus = box.contains(document.activeElement) && document.activeElement !== box;
    for (const [key, marker] of markers) if (!wanted.has(key)) { marker.remove(); markers.delete(key); }
    for (const [key, cluster] of wanted) if (!markers.has(key)) markers.set(key, markerOf(cluster));
    if (hadFocus && !box.contains(document.activeElement)) box.focus({ preventScroll: true });
    light(lit);
  };

  // What a point says: a title that leads to its page, or the titles of all at one place.
  const open = (cluster, event) => {
    const bounds = L.latLngBounds(cluster.members.map((point) => [point.lat, point.lon]));
    const isOnePlace = bounds.getSouthWest().equals(bounds.getNorthEast());
    if (isGrid || (cluster.count > 1 && !isOnePlace && map.getZoom() < map.getMaxZoom())) {
      const zoom = Math.max(map.getZoom() + 1, Math.min(map.getBoundsZoom(bounds.pad(0.1)), map.getMaxZoom()));
      map.setView(isGrid ? cluster.place : bounds.getCenter(), isGrid ? map.getZoom() + 2 : zoom);
      return;
    }
    const content = element("div", "titles");
    for (const point of cluster.members.slice(0, MAX_TITLES)) {
      const line = element("p", ""), link = element("a", "", point.title);
      link.href = point.url;
      if (point.lang) link.lang = point.lang;
      line.append(link);
      if (point.kind) line.append(element("span", "quiet", point.kind));
      content.append(line);
    }
    if (cluster.count > MAX_TITLES) content.append(element("p", "quiet", words("more", cluster.count - MAX_TITLES)));
    const popup = L.popup({ offset: [0, -8], maxWidth: 260, maxHeight: 240, autoPanPadding: [12, 12] }).setLatLng(cluster.place).setContent(content).openOn(map);
    popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", box.dataset.close);
    popup.getElement().addEventListener("keydown", (pressed) => { if (pressed.key === "Escape") map.closePopup(popup); });
    const opener = markers.get(cluster.key)?.getElement();
    if (event.type === "keypress") content.querySelector("a").focus();
    popup.once("remove", () => { if (opener?.isConnected && event.type === "keypress") opener.focus(); });
  };

  // A row and its point show which belongs to which.
  const idOf = (row) => row.querySelector("a[href*='/initiatives/']")?.pathname.split("/initiatives/")[1]?.split("/")[0];
  const rows = () => document.querySelectorAll(".map-list .listings > li");
  const lightRows = (cluster, isLit) => {
    const ids = new Set(cluster.members.map((point) => point.id));
    for (const row of rows()) if (ids.has(idOf(row))) row.classList.toggle("lit", isLit);
  };
  const light = (id) => {
    lit = id;
    for (const cluster of clusters) {
      const isLit = Boolean(id) && cluster.members.some((point) => point.id === id);
      markers.get(cluster.key)?.getElement()?.classList.toggle("lit", isLit);
    }
  };
  const listen = () => {
    for (const row of rows()) {
      row.addEventListener("mouseenter", () => light(idOf(row)));
      row.addEventListener("mouseleave", () => light(null));
      row.addEventListener("focusin", () => light(idOf(row)));
      row.addEventListener("focusout", () => light(null));
    }
  };

  // The visible part in degrees, as the parameter `area` has it.
  const visible = () => {
    const bounds = map.getBounds();
    const degrees = [Math.max(-180, bounds.getWest()), Math.max(-90, bounds.getSouth()), Math.min(180, bounds.getEast()), Math.min(90, bounds.getNorth())];
    return degrees.map((one) => one.toFixed(3)).join(",");
  };
  const fit = () => {
    if (box.dataset.area) {
      const [west, south, east, north] = box.dataset.area.split(",").map(Number);
      map.fitBounds([[south, west], [north, east]], { animate: false });
    } else if (points.length) {
      map.fitBounds(L.latLngBounds(points.map((point) => [point.lat, point.lon])), { padding: [28, 28], maxZoom: FIT_ZOOM, animate: false });
    }
  };
  const show = async (address, fits) => {
    loading?.abort();
    loading = new AbortController();
    try {
      const found = await load(address, loading.signal);
      isGrid = found.cells.length > 0;
      points = isGrid ? found.cells.map(([lat, lon, count]) => ({ lat, lon, count, id: "" })) : found.points.map((point) => ({ ...point, count: 1 }));
      if (fits) fit();
      clusterAll();
      draw();
      button.hidden = points.length === 0 && !box.dataset.area;
    } catch (error) {
      if (error.name !== "AbortError") document.getElementById("map-help").textContent = box.dataset.failed;
    }
  };
  const partOf = (address) => `${address}${address.includes("?") ? "&" : "?"}area=${visible()}`;
  map.on("zoomend", () => { clusterAll(); draw(); });
  map.on("moveend", () => {
    draw();
    if (isGrid || box.dataset.part) { box.dataset.part = "1"; if (!box.dataset.area) show(partOf(box.dataset.points), false); }
  });

  // Searching in the visible part is a change of the filters' form; the map stays as it is.
  button.addEventListener("click", () => {
    const form = document.getElementById("filter-form");
    const field = form.elements.area ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "area" }));
    field.value = visible();
    keepsView = true;
    form.requestSubmit();
  });
  document.addEventListener("results-renewed", () => {
    const fresh = document.getElementById("map-side");
    if (!fresh) return;
    const focused = fresh.contains(document.activeElement) ? document.activeElement.id : null;
    const { points: address, area } = fresh.querySelector("#map").dataset;
    Object.assign(box.dataset, { points: address, area });
    delete box.dataset.part;
    fresh.replaceWith(side);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    map.invalidateSize();
    listen();
    show(address, !keepsView);
    keepsView = false;
  });

  if (helpers.tiles) layTiles(); else layShapes().catch(() => {});
  listen();
  show(box.dataset.points, true);
})();
