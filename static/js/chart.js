/* Draws <canvas data-chart="ID"> from <script type="application/json" id="ID"> (json_script):
   {kind: "bar" | "line", categories: [...], series: [{name, values, color?}], unit: "%", horizontal?, max?}.
   The figures stand in a table beside the chart; without a script that table is all there is. */
"use strict";
(() => {
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function datasets(data) {
    return data.series.map((series, index) => {
      const color = style(`--${series.color || `series-${(index % 6) + 1}`}`);
      return {
        label: series.name,
        data: series.values,
        backgroundColor: color,
        borderColor: color,
        borderWidth: data.kind === "line" ? 2.5 : 0,
        borderDash: data.kind === "line" && index ? [6, 3 + index] : [],
        pointStyle: ["circle", "rectRot", "triangle", "rect", "star", "cross"][index % 6],
        pointRadius: 4,
        spanGaps: false,
        maxBarThickness: 36,
        borderRadius: 3,
      };
    });
  }

  function options(data) {
    const figure = (value) => `${new Intl.NumberFormat("ru").format(value)}${data.unit ? ` ${data.unit}` : ""}`;
    const font = { family: style("--bs-font-sans-serif"), size: 13 * (parseFloat(style("--text")) || 1) };
    const axis = { ticks: { color: style("--muted"), font }, grid: { color: style("--line") }, border: { display: false } };
    const values = { ...axis, beginAtZero: true, suggestedMax: data.max, ticks: { ...axis.ticks, callback: figure } };
    const names = { ...axis, grid: { display: false }, ticks: { ...axis.ticks, autoSkip: !data.horizontal } };
    return {
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      indexAxis: data.horizontal ? "y" : "x",
      scales: data.horizontal ? { x: values, y: names } : { x: names, y: values },
      plugins: {
        legend: { display: data.series.length > 1, labels: { color: style("--ink"), font, usePointStyle: data.kind === "line" } },
        tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${item.raw === null ? "–" : figure(item.raw)}` } },
      },
    };
  }

  function draw(canvas) {
    const source = document.getElementById(canvas.dataset.chart);
    if (!source || canvas.dataset.drawn) return;
    canvas.dataset.drawn = "1";
    const data = JSON.parse(source.textContent);
    new Chart(canvas, {
      type: data.kind,
      data: { labels: data.categories, datasets: datasets(data) },
      options: options(data),
    });
  }

  const drawAll = () => document.querySelectorAll("canvas[data-chart]").forEach(draw);
  document.addEventListener("DOMContentLoaded", () => document.fonts.ready.then(drawAll));
  document.addEventListener("htmx:load", drawAll);

  // Paper is white: before printing the pictures of a dark page are drawn anew in the light colours.
  const page = document.documentElement;
  const theme = page.dataset.bsTheme;
  function redraw(wanted) {
    if (theme !== "dark") return;
    page.dataset.bsTheme = wanted;
    for (const canvas of document.querySelectorAll("canvas[data-drawn]")) {
      Chart.getChart(canvas)?.destroy();
      delete canvas.dataset.drawn;
      draw(canvas);
    }
  }
  window.addEventListener("beforeprint", () => redraw("light"));
  window.addEventListener("afterprint", () => redraw(theme));
})();
