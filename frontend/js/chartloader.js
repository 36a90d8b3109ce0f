// ECharts is large: it is fetched when a chart is on the page, and not before.
export async function watchCharts(root) {
  const rooms = [...root.querySelectorAll("[data-chart]")];
  if (!rooms.length) return;
  const { draw } = await import(document.documentElement.dataset.charts);
  rooms.forEach(draw);
}
