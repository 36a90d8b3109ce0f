// Places the nodes of a network: springs along links, everything else pushes apart. It starts from a circle and uses no
// chance, so the same network is drawn the same way each time.
export function place(nodes, links, rounds = 160) {
  const count = nodes.length;
  const index = new Map(nodes.map((node, at) => [node.name, at]));
  const ties = links.map((link) => [index.get(link.source), index.get(link.target)]).filter(([a, b]) => a !== undefined && b !== undefined);
  const points = nodes.map((_, at) => [Math.cos((2 * Math.PI * at) / count) * 100, Math.sin((2 * Math.PI * at) / count) * 100]);
  const ideal = 180 / Math.sqrt(count + 1);
  for (let round = 0; round < rounds; round += 1) {
    const heat = 20 * (1 - round / rounds) + 0.2;
    const pushes = points.map(() => [0, 0]);
    const move = (a, b, force) => {
      const [dx, dy] = [points[a][0] - points[b][0], points[a][1] - points[b][1]];
      const far = Math.hypot(dx, dy) || 0.01;
      const size = force(far) / far;
      pushes[a][0] += dx * size;
      pushes[a][1] += dy * size;
      pushes[b][0] -= dx * size;
      pushes[b][1] -= dy * size;
    };
    for (let a = 0; a < count; a += 1) {
      for (let b = a + 1; b < count; b += 1) move(a, b, (far) => (ideal * ideal) / far);
    }
    for (const [a, b] of ties) if (a !== b) move(a, b, (far) => -(far * far) / ideal);
    points.forEach((point, at) => {
      const far = Math.hypot(...pushes[at]) || 1;
      point[0] += (pushes[at][0] / far) * Math.min(far, heat);
      point[1] += (pushes[at][1] / far) * Math.min(far, heat);
    });
  }
  return points;
}
