/** Style of the report. Colours are chosen to stay apart for colour-blind eyes and on either background. */
export const reportStyle = `
:root {
  color-scheme: light dark;
  --paper: #fbfbfa; --box: #ffffff; --ink: #1c2126; --faint: #5f6973; --rule: #dde1e5; --grid: #e9ecef;
  --trending: #0969b8; --ranging: #8d949c; --stressed: #d1500b; --warm-up: #c9ced3;
  --probability: #46617a; --threshold: #1c2126; --allowed: #12805c; --refused: #c2502d;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --box: #1b1f24; --ink: #e4e8ec; --faint: #98a3ad; --rule: #30363d; --grid: #262b31;
    --trending: #58aef5; --ranging: #7f8891; --stressed: #ff8748; --warm-up: #454c54;
    --probability: #9db7cf; --threshold: #e4e8ec; --allowed: #3fc493; --refused: #f08a65;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1320px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { margin: 0; font-size: 28px; line-height: 1.2; overflow-wrap: anywhere; }
h1 small, .figures small { color: var(--faint); font-weight: 400; font-size: .6em; }
h2 { margin: 36px 0 12px; font-size: 20px; }
h3 { margin: 0; font-size: 15px; }
p { margin: 6px 0; }
code { font: 13px ui-monospace, monospace; }
.note { color: var(--faint); font-size: 13px; overflow-wrap: anywhere; }
.figures { display: flex; flex-wrap: wrap; gap: 8px 36px; margin: 16px 0 20px; }
.figures dt { color: var(--faint); font-size: 13px; }
.figures dd { margin: 0; font-size: 26px; font-weight: 600; line-height: 1.2; }
.figures .allowed dd { color: var(--allowed); }
.figures .refused dd { color: var(--refused); }
.plots, .box { background: var(--box); border: 1px solid var(--rule); border-radius: 8px; padding: 14px 16px; }
.plots { position: relative; touch-action: pan-y; user-select: none; }
.readout { margin: 0 0 10px; min-height: 3em; font-size: 13px; color: var(--faint); }
@media (min-width: 900px) { .readout { min-height: 1.5em; } }
figure { margin: 0 0 18px; }
figcaption { display: flex; flex-wrap: wrap; gap: 0 18px; align-items: baseline; margin-bottom: 4px; }
.legend { display: flex; flex-wrap: wrap; gap: 0 14px; margin: 0; padding: 0; list-style: none; font-size: 13px; color: var(--faint); }
.swatch { display: inline-block; width: 16px; height: 4px; margin-right: 6px; border-radius: 2px; vertical-align: middle; background: var(--warm-up); }
.swatch.trending { background: var(--trending); }
.swatch.ranging { background: var(--ranging); }
.swatch.stressed { background: var(--stressed); }
.swatch.threshold { height: 0; border-top: 2px dashed var(--threshold); border-radius: 0; }
.swatch.allowed { height: 10px; background: var(--allowed); }
.swatch.refused { height: 10px; background: var(--refused); }
.plot { position: relative; padding-right: 44px; }
.plot svg { display: block; width: 100%; overflow: hidden; }
.tall svg { height: clamp(220px, 30vw, 380px); }
.middle svg { height: 120px; }
.strip svg { height: 14px; background: var(--grid); }
.strip-name { display: flex; justify-content: space-between; gap: 12px; margin: 6px 44px 1px 0; font-size: 11px; line-height: 1.4; }
.strip-name span { color: var(--faint); }
.scale { overflow: clip; overflow-clip-margin: 8px; position: absolute; top: 0; bottom: 0; right: 0; width: 38px; font-size: 11px; color: var(--faint); }
.scale span { position: absolute; transform: translateY(-50%); }
.time-axis { padding-right: 44px; font-size: 11px; color: var(--faint); }
.time-axis div { position: relative; height: 18px; }
.time-axis span { position: absolute; padding-left: 3px; border-left: 1px solid var(--rule); white-space: nowrap; }
@media (max-width: 899px) { .time-axis .minor { display: none; } }
path { fill: none; vector-effect: non-scaling-stroke; }
.grid { stroke: var(--grid); stroke-width: 1; }
.line { stroke-width: 1.4; stroke-linejoin: round; stroke: var(--warm-up); }
.line.trending { stroke: var(--trending); stroke-width: 2.6; }
.line.ranging { stroke: var(--ranging); }
.line.stressed { stroke: var(--stressed); stroke-width: 1.8; }
.line.probability { stroke: var(--probability); stroke-width: .7; }
.line.threshold { stroke: var(--threshold); stroke-width: 1.2; stroke-dasharray: 6 4; }
.run.refused { fill: var(--refused); }
.run.allowed { fill: var(--allowed); }
.cursor, .selection { position: absolute; top: 0; bottom: 0; pointer-events: none; }
.cursor { width: 1px; background: var(--ink); opacity: .55; }
.selection { background: var(--trending); opacity: .18; }
.boxes { display: grid; gap: 16px; margin-top: 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); align-items: start; }
.boxes > * { min-width: 0; }
.stack { display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr); }
.scroller { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 13px; }
caption { padding-bottom: 6px; text-align: left; font-weight: 600; font-size: 15px; }
th, td { padding: 3px 10px 3px 0; text-align: right; border-top: 1px solid var(--grid); white-space: nowrap; }
th:first-child { text-align: left; white-space: normal; }
thead th { color: var(--faint); }
thead th, thead td { border-top: 0; }
th { font-weight: 400; }
th:last-child, td:last-child { padding-right: 0; }
.meter { display: block; width: 100%; min-width: 80px; height: 10px; }
.meter span { display: block; height: 100%; background: var(--allowed); border-radius: 2px; }
td:has(.meter) { width: 60%; }
article.box { border-top: 3px solid var(--refused); }
article.allowed { border-top-color: var(--allowed); }
.verdict { color: var(--refused); font-weight: 600; }
.allowed .verdict { color: var(--allowed); }
.terms caption { font-size: 13px; font-weight: 400; color: var(--faint); }
.terms .axis { position: relative; width: 40%; min-width: 80px; background: linear-gradient(var(--rule), var(--rule)) center / 1px 100% no-repeat; }
.axis span { position: absolute; top: 25%; bottom: 25%; }
.axis .up { left: 50%; background: var(--allowed); }
.axis .down { right: 50%; background: var(--refused); }
@media (max-width: 479px) { table { font-size: 12px; } th, td { padding-right: 6px; } .terms .axis { min-width: 48px; } }
.sum th, .sum td { font-weight: 600; border-top-color: var(--rule); }
.question { font-weight: 600; }
.question::first-letter { text-transform: uppercase; }
article ul { margin: 6px 0; padding-left: 18px; font-size: 13px; }
.gates { list-style: none; padding: 0 !important; }
.gates li { padding: 2px 0; }
.gates .passed b { color: var(--allowed); }
.gates .failed b { color: var(--refused); }
.gates .margin { color: var(--faint); }
footer { margin-top: 24px; font-size: 13px; }
footer dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0; }
footer dt { color: var(--faint); }
footer dd { margin: 0; overflow-wrap: anywhere; }
`;
