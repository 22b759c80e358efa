// Draws figure[data-chart] from its JSON with ECharts, which is fetched only when a chart is on the page.
import { all } from "./dom.js";
import { options } from "./chart_options.js";

let library;

function load(url) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

function height(chart) {
  if (chart.kind === "map") return 460;
  return chart.horizontal ? Math.max(160, 56 + (chart.series.length > 1 && chart.kind === "points" ? 40 : 32) * chart.categories.length) : null;
}

async function draw(figure) {
  const box = figure.querySelector("[data-chart-drawing]");
  const data = document.getElementById(figure.dataset.chart);
  if (!box || !data) return;
  const chart = JSON.parse(data.textContent);
  const echarts = await load(figure.dataset.echarts);
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  if (height(chart)) box.style.height = `${height(chart)}px`;
  // SVG prints sharp at any size.
  const drawing = echarts.init(box, null, { renderer: "svg" });
  const paint = () => drawing.setOption(options(chart, { token, size: Number.parseFloat(getComputedStyle(figure).fontSize), width: box.clientWidth }), true);
  paint();
  figure.querySelector(".chart-table").open = false;
  new ResizeObserver(() => {
    drawing.resize();
    paint();
  }).observe(box);
}

function openTables(open) {
  for (const table of document.querySelectorAll(".chart-table")) {
    if (open) table.dataset.was = table.open ? "open" : "";
    table.open = open || table.dataset.was === "open";
  }
}

export function once() {
  window.addEventListener("beforeprint", () => openTables(true));
  window.addEventListener("afterprint", () => openTables(false));
}

export function enhance(root) {
  all(root, "figure[data-chart]").forEach((figure) => {
    // Without the library the table stays open: the figures are there all the same.
    draw(figure).catch((error) => console.warn("chart not drawn", error));
  });
}
