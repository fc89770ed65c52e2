// The plot of scale.ts: nanoseconds per operation over n, both logarithmic. Flat lines are what is wanted.

export interface Line {
  readonly what: string;
  /** Nanoseconds per operation, for each n. */
  readonly times: readonly number[];
}

const left = 72;
const top = 20;
const width = 460;
const height = 300;
const colours = ["#0969da", "#cf222e", "#1a7f37", "#8250df", "#bc4c00", "#57606a"];
const decades = [10, 100, 1000, 10_000];

export function scalePlot(sizes: readonly number[], lines: readonly Line[]): string {
  const largest = sizes.at(-1) ?? 10;
  const x = (n: number): number => Math.round(left + (Math.log10(n / 10) / Math.log10(largest / 10)) * width);
  const y = (time: number): number => {
    const share = Math.log10(Math.min(Math.max(time, 10), 10_000) / 10) / 3;
    return Math.round(top + (1 - share) * height);
  };
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 ${top + height + 50}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...decades.map((time) => {
      const grid = `<line x1="${left}" y1="${y(time)}" x2="${left + width}" y2="${y(time)}" stroke="#eaeef2"/>`;
      return `${grid}<text x="${left - 8}" y="${y(time) + 4}" text-anchor="end">${time} ns</text>`;
    }),
    ...sizes.map(
      (n) => `<text x="${x(n)}" y="${top + height + 20}" text-anchor="middle">${n.toLocaleString("en-US")}</text>`,
    ),
    ...lines.flatMap(({ what, times }, i) => {
      const colour = colours[i % colours.length] ?? "#000000";
      const points = times.map((time, j) => `${x(sizes[j] ?? 10)},${y(time)}`).join(" ");
      const labelY = top + 16 + i * 20;
      return [
        `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        `<circle cx="${left + width + 20}" cy="${labelY - 4}" r="5" fill="${colour}"/>`,
        `<text x="${left + width + 32}" y="${labelY}">${what}</text>`,
      ];
    }),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}
