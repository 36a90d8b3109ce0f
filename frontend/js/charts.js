// ECharts, only what we draw with. Colours come from the tokens, so dark needs no second theme; tips are drawn as text in
// the picture (HTML tips would carry inline styles, which the content security policy forbids).
import { BarChart, FunnelChart, GraphChart, LineChart, MapChart, PieChart, SankeyChart } from "echarts/charts";
import { GeoComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { options } from "./chartkinds.js";
import { phrase } from "./phrases.js";

echarts.use([
  BarChart, FunnelChart, GraphChart, LineChart, MapChart, PieChart, SankeyChart,
  GeoComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent, SVGRenderer,
]);

const TOKENS = [
  "paper", "raised", "sunken", "ink", "ink-2", "ink-3", "rule", "rule-2", "rule-3", "accent", "ok", "warn", "bad", "unknown",
  "stage-1", "stage-2", "stage-3", "stage-4", "stage-out", "step-0", "step-1", "step-2", "step-3", "step-4", "bar",
];

function colours() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(TOKENS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

function base(ink) {
  const style = getComputedStyle(document.documentElement);
  return {
    animation: false,
    textStyle: { fontFamily: style.getPropertyValue("--sans").trim(), fontSize: 11, color: ink["ink-2"] },
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: ink.raised,
      borderColor: ink["rule-2"],
      borderWidth: 1,
      padding: [6, 10],
      textStyle: { color: ink.ink, fontSize: 12 },
    },
  };
}

const isSeen = (room) => room.clientWidth > 0 && room.clientHeight > 0;

// A room without a size (styles still on their way, inside a closed part) is drawn once it has one: a map drawn at
// 0 × 0 throws in ECharts 6.1.0 (apache/echarts#21706).
export function draw(room) {
  if (isSeen(room)) {
    start(room);
    return;
  }
  const watch = new ResizeObserver(() => {
    if (!isSeen(room)) return;
    watch.disconnect();
    start(room);
  });
  watch.observe(room);
}

function start(room) {
  const figure = room.closest("figure");
  const data = JSON.parse(figure.querySelector("[data-chart-data]").textContent);
  const kind = room.dataset.chart;
  room.replaceChildren();
  const chart = echarts.init(room, null, { renderer: "svg" });
  if (kind === "map") echarts.registerMap(figure.id, data.geojson);

  function show() {
    if (!isSeen(room)) return;
    const ink = colours();
    chart.setOption({ ...base(ink), ...options(kind, data, ink, figure.id, room.clientWidth) }, true);
  }

  show();
  let width = room.clientWidth;
  new ResizeObserver(() => {
    if (room.clientWidth === width || !isSeen(room)) return;
    width = room.clientWidth;
    chart.resize();
    show();
  }).observe(room);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  document.addEventListener("hatchline:theme", show);
  chart.on("click", (event) => {
    const href = event.data?.href;
    if (typeof href === "string" && href.startsWith("/") && !href.startsWith("//")) window.location.assign(href);
  });

  const picture = figure.querySelector("[data-chart-picture]");
  if (!picture) return;
  picture.hidden = false;
  picture.addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = chart.getDataURL({ type: "svg" });
    link.download = `${room.getAttribute("aria-label") || phrase("chart")}.svg`;
    link.click();
  });
}
