/* Draws <div class="map" data-map="ID"> from <script type="application/json" id="ID"> (json_script):
   {tiles: "https://…/{z}/{x}/{y}.png" | "", attribution, bounds: [[south, west], [north, east]] | null,
    points: [{id?, lat, lon, name, url, text?, kind?}], ties: [{from, to, name?}]}.
   Without tiles the points stand on a plain ground inside the bounds. The list beside the map says the same in words. */
"use strict";
(() => {
  function words(point) {
    const box = document.createElement("div");
    const link = document.createElement(point.url ? "a" : "b");
    if (point.url) link.href = point.url;
    link.textContent = point.name;
    box.append(link);
    if (point.text) {
      const line = document.createElement("div");
      line.textContent = point.text;
      box.append(line);
    }
    return box;
  }

  function marker(point) {
    const dot = document.createElement("span");
    dot.className = `dot ${point.kind || ""}`;
    const icon = L.divIcon({ className: "", html: dot, iconSize: [20, 20] });
    return L.marker([point.lat, point.lon], { icon, title: point.name, alt: point.name }).bindPopup(words(point));
  }

  function ground(map, data, style) {
    if (data.tiles) {
      L.tileLayer(data.tiles, { attribution: data.attribution || "", maxZoom: 19 }).addTo(map);
    } else if (data.bounds) {
      L.rectangle(data.bounds, { color: style("--line-strong"), weight: 1.5, dashArray: "6 5", fill: false, interactive: false }).addTo(map);
    }
  }

  function draw(element) {
    const source = document.getElementById(element.dataset.map);
    if (!source || element.dataset.drawn) return;
    element.dataset.drawn = "1";
    const data = JSON.parse(source.textContent);
    const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const map = L.map(element, { scrollWheelZoom: false, zoomAnimation: !still, fadeAnimation: false, attributionControl: false, zoomControl: false,
      zoomSnap: data.tiles ? 1 : 0.25 }); // without tiles any scale is sharp, so the points fill the ground
    L.control.zoom({ zoomInTitle: "Приблизить", zoomOutTitle: "Отдалить" }).addTo(map);
    L.control.attribution({ prefix: "" }).addTo(map);
    ground(map, data, style);
    const places = new Map(data.points.map((point) => [point.id, point]));
    for (const tie of data.ties || []) {
      const [from, to] = [places.get(tie.from), places.get(tie.to)];
      if (from && to) L.polyline([[from.lat, from.lon], [to.lat, to.lon]], { color: style("--accent"), weight: 2, opacity: 0.6 }).addTo(map);
    }
    const markers = L.featureGroup(data.points.map(marker)).addTo(map);
    const bounds = data.points.length ? markers.getBounds() : data.bounds && L.latLngBounds(data.bounds);
    if (bounds && bounds.isValid()) map.fitBounds(bounds.pad(0.06), { maxZoom: 14 });
    else map.setView([55.75, 37.62], 4);
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-map]").forEach(draw));
})();
