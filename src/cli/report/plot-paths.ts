/**
 * Path data in which one unit across is one bar. A path of thousands of points is one element, and takes about nine
 * bytes a point; the plots are stretched to their room by `preserveAspectRatio="none"`.
 */

/** Lines through the points of `include`d bars; each begins at the bar before, so that colours join. */
export function drawLines(heights: readonly number[], include: (index: number) => boolean): string {
  let path = "";
  let drawing = false;
  for (const [index, height] of heights.entries()) {
    const before = heights[index - 1];
    if (!include(index) || before === undefined || !Number.isFinite(before)) {
      drawing = false;
      continue;
    }
    if (!drawing) path += `M${index - 1} ${Math.round(before)}L`;
    path += `${drawing ? " " : ""}${index} ${Math.round(height)}`;
    drawing = true;
  }
  return path;
}

/** Boxes of the full height over each run of `include`d bars; a bar's box is one unit wide with the bar in its middle. */
export function drawRuns(length: number, height: number, include: (index: number) => boolean): string {
  let path = "";
  let start: number | undefined;
  for (let index = 0; index <= length; index += 1) {
    const inside = index < length && include(index);
    if (inside && start === undefined) start = index;
    if (inside || start === undefined) continue;
    const width = index - start;
    path += `M${start - 0.5} 0h${width}v${height}h-${width}z`;
    start = undefined;
  }
  return path;
}
