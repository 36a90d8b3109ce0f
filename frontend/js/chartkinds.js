// From our plain data to ECharts' options, one function for each kind. The shapes are listed in docs/components.md.
import { place } from "./network.js";

const number = (value) => (value === null || value === undefined ? "?" : Number(value).toLocaleString("zh-CN"));
const STAGES = { nursery: "stage-1", incubation: "stage-2", acceleration: "stage-3", park: "stage-4" };

function axes(data, ink, horizontal) {
  const names = {
    type: "category",
    data: data.categories,
    axisLine: { lineStyle: { color: ink["rule-2"] } },
    axisTick: { show: false },
    axisLabel: { color: ink["ink-2"], fontSize: 11 },
    inverse: Boolean(horizontal),
  };
  const values = {
    type: "value",
    name: horizontal ? "" : (data.unit ?? ""),
    nameTextStyle: { color: ink["ink-3"], fontSize: 11, align: (data.unit ?? "").length > 4 ? "left" : "right" }, // a long one is cut
    min: data.min,
    max: data.max,
    splitLine: { lineStyle: { color: ink.rule } },
    axisLabel: { color: ink["ink-3"], fontSize: 11 },
    splitNumber: 4,
    interval: data.min === 0 && data.max === 100 ? 25 : undefined,
  };
  const grid = { left: 4, right: 16, top: data.unit ? 28 : 14, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" };
  return horizontal ? { grid, xAxis: values, yAxis: names } : { grid, xAxis: names, yAxis: values };
}

// No more than one emphasised series: the accent is the one that says so, or the last of a single series.
function shade(series, index, count, ink) {
  if (series.emphasised) return ink.accent;
  if (STAGES[series.stage]) return ink[STAGES[series.stage]];
  if (count === 1) return ink.bar;
  return [ink["stage-2"], ink["stage-1"], ink["stage-3"], ink["stage-out"], ink["stage-4"]][index % 5];
}

function bar(data, ink) {
  const count = data.series.length;
  return {
    ...axes(data, ink, data.horizontal),
    legend: legend(data, ink),
    tooltip: { ...tip(ink), trigger: "axis", axisPointer: { type: "none" }, valueFormatter: number },
    series: data.series.map((series, index) => ({
      type: "bar",
      name: series.name,
      stack: data.stacked ? "all" : undefined,
      barMaxWidth: 28,
      itemStyle: { color: shade(series, index, count, ink) }, // the legend's
      data: series.values.map((value, at) => ({
        value,
        href: series.hrefs?.[at],
        itemStyle: { color: data.last && at === series.values.length - 1 ? ink["stage-4"] : shade(series, index, count, ink) },
      })),
      label: { show: count === 1 && !data.quiet, position: data.horizontal ? "right" : "top", color: ink["ink-2"], fontSize: 11, formatter: (item) => number(item.value) },
    })),
  };
}

function tip(ink) {
  return {
    renderMode: "richText",
    confine: true,
    backgroundColor: ink.raised,
    borderColor: ink["rule-2"],
    borderWidth: 1,
    padding: [6, 10],
    textStyle: { color: ink.ink, fontSize: 12 },
  };
}

function legend(data, ink) {
  if (data.series.length < 2) return { show: false };
  return { show: true, right: 8, top: 0, itemWidth: 14, itemHeight: 8, icon: "rect", textStyle: { color: ink["ink-2"], fontSize: 11 } };
}

function line(data, ink) {
  const frame = axes(data, ink, false);
  const drawn = data.series.flatMap((series) => {
    const kind = series.kind ?? "actual";
    const colour = ink[series.tone] ?? { forecast: ink.accent, target: ink["ink-3"], other: ink["stage-3"] }[kind] ?? ink.ink;
    const lines = [];
    if (series.band) {
      const shared = { type: "line", symbol: "none", lineStyle: { opacity: 0 }, silent: true, stack: `band-${series.name}`, tooltip: { show: false }, step: series.step && "end" };
      lines.push({ ...shared, data: series.band.map((pair) => pair?.[0] ?? null) });
      lines.push({
        ...shared,
        areaStyle: { color: colour, opacity: 0.15 },
        data: series.band.map((pair) => (pair ? pair[1] - pair[0] : null)),
      });
    }
    lines.push({
      type: "line",
      name: series.name,
      step: series.step && "end",
      symbol: kind === "actual" && series.values.length < 30 ? "circle" : "none",
      symbolSize: 4,
      connectNulls: false,
      lineStyle: { color: colour, width: 1.5, type: { forecast: "dashed", target: "dotted" }[kind] ?? "solid" },
      itemStyle: { color: colour },
      endLabel: { offset: { target: [0, -8], forecast: [0, 8] }[kind] ?? [-4, 12], show: Boolean(series.name) && data.series.length > 1, formatter: series.name, color: colour, fontSize: 11 },
      labelLayout: { moveOverlap: "shiftY" },
      data: series.values,
    });
    if (data.days) for (const each of lines) each.data = each.data.map((value, at) => [data.categories[at], value]);
    return lines;
  });
  const longest = Math.max(0, ...data.series.map((series) => String(series.name ?? "").length));
  frame.xAxis.boundaryGap = false;
  if (data.days) { // as far apart as the days are
    delete frame.xAxis.data;
    frame.xAxis.type = "time";
  }
  if (data.series.length > 1) frame.grid.right = 16 + longest * 11;
  return { ...frame, legend: { show: false }, tooltip: { ...tip(ink), trigger: "axis", valueFormatter: number }, series: drawn };
}

function pie(data, ink, id, width) {
  const shades = [ink["stage-4"], ink["stage-3"], ink["stage-2"], ink["stage-1"], ink["stage-out"]];
  return {
    series: [{
      type: "pie",
      radius: width < 480 ? ["34%", "54%"] : ["46%", "72%"],
      data: data.items.map((item, index) => ({ ...item, itemStyle: { color: shades[index % 5], borderColor: ink.paper, borderWidth: 1 } })),
      label: { color: ink["ink-2"], fontSize: 12, alignTo: "edge", edgeDistance: 2, overflow: "break", formatter: (item) => `${item.name} ${number(item.value)}` },
      labelLine: { length: 8, length2: 6, lineStyle: { color: ink["rule-2"] } },
    }],
  };
}

function funnel(data, ink) {
  const shades = [ink["stage-1"], ink["stage-2"], ink["stage-3"], ink["stage-4"]];
  return {
    series: [{
      type: "funnel",
      sort: "none",
      left: 8, right: "42%", top: 8, bottom: 8,
      gap: 2,
      funnelAlign: "left",
      data: data.items.map((item, index) => ({ ...item, itemStyle: { color: shades[Math.min(index, 3)], borderWidth: 0 } })),
      label: { position: "right", color: ink.ink, fontSize: 12, formatter: (item) => `${item.name} ${number(item.value)}` },
      labelLine: { show: false },
    }],
  };
}

// Columns are year ends, the park on top and leaving at the bottom: the order given is the order drawn.
function sankey(data, ink, id, width) {
  const last = Math.max(...data.nodes.map((node) => node.depth ?? 0));
  return {
    series: [{
      type: "sankey",
      left: 1, right: 1, top: 10, bottom: 10,
      nodeWidth: 8,
      nodeGap: width < 600 ? 10 : 18,
      layoutIterations: 0,
      draggable: false,
      emphasis: { focus: "adjacency" },
      data: data.nodes.map((node) => ({
        ...node,
        itemStyle: { color: ink[STAGES[node.stage] ?? "stage-out"], borderWidth: 0 },
        label: { position: node.depth === last ? "left" : "right" },
      })),
      links: data.links.map((link) => ({
        ...link,
        lineStyle: {
          color: ink[{ up: "stage-3", leave: "stage-out", enter: "stage-2" }[link.kind] ?? "stage-1"],
          opacity: { up: 0.6, leave: 0.35, enter: 0.4 }[link.kind] ?? 0.5,
          curveness: 0.5,
        },
      })),
      tooltip: { formatter: (item) => `${item.data.title ?? item.name} ${number(item.data.total ?? item.data.value ?? item.value)}` },
      label: {
        color: ink.ink, fontSize: 11, distance: 5,
        textBorderColor: ink.paper, textBorderWidth: 2.5,
        formatter: (item) => {
          const total = number(item.data.total ?? item.value);
          return width < 480 && item.data.depth ? total : `${item.data.title ?? item.name} ${total}`;  // no room for names on a phone
        },
      },
    }],
  };
}

function graph(data, ink) {
  const shades = { institution: ink["stage-4"], venture: ink["stage-2"], investor: ink.warn, person: ink["ink-3"], organisation: ink["stage-3"] };
  const points = place(data.nodes, data.links);
  return {
    series: [{
      type: "graph",
      layout: "none",
      preserveAspect: true,
      left: 24, right: 96, top: 16, bottom: 16,
      data: data.nodes.map((node, at) => ({
        ...node,
        x: points[at][0],
        y: points[at][1],
        symbolSize: node.size ?? 10 + Math.sqrt(node.value ?? 1) * 2,
        itemStyle: { color: shades[node.group] ?? ink["stage-3"] },
      })),
      links: data.links.map((link) => ({ ...link, lineStyle: { color: ink["rule-2"], width: Math.min(1 + (link.value ?? 0) / 4, 4) } })),
      label: { show: true, position: "right", color: ink.ink, fontSize: 11, formatter: (item) => item.data.title ?? item.name },
      labelLayout: { hideOverlap: true },
      emphasis: { focus: "adjacency" },
    }],
  };
}

function map(data, ink, id) {
  const values = data.items.map((item) => item.value).filter((value) => value !== null);
  return {
    visualMap: {
      show: true, type: "piecewise", splitNumber: 4, left: 0, bottom: 0, itemWidth: 11, itemHeight: 11,
      min: 0, max: Math.max(1, ...values),
      inRange: { color: [ink["step-1"], ink["step-2"], ink["step-3"], ink["step-4"]] },
      textStyle: { color: ink["ink-2"], fontSize: 11 },
    },
    series: [{
      type: "map",
      map: id,
      nameProperty: data.property ?? "name",
      data: data.items,
      itemStyle: { areaColor: ink["step-0"], borderColor: ink.paper, borderWidth: 1 },
      label: { show: Boolean(data.labels), color: ink.ink, fontSize: 11, textBorderColor: ink.paper, textBorderWidth: 2.5 },
      emphasis: { itemStyle: { areaColor: ink.accent }, label: { color: ink.paper } },
      select: { disabled: true },
    }],
  };
}

const KINDS = { bar, line, pie, funnel, sankey, graph, map };

export function options(kind, data, ink, id, width) {
  return KINDS[kind](data, ink, id, width);
}
