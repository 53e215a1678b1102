/**
 * Reads single bars out and zooms: all drawings share one axis in bars, so that zooming is another viewBox. The report is
 * complete without it.
 */
export const reportScript = `
"use strict";
(() => {
  const plots = document.getElementById("plots");
  const readout = document.getElementById("readout");
  const bars = JSON.parse(document.getElementById("bars").textContent);
  const drawings = [...plots.querySelectorAll("svg")];
  const labels = [...plots.querySelectorAll("[data-bar]")];
  const price = drawings[0];
  const priceLabels = [...price.nextElementSibling.children];
  const [highest, lowest] = [0, 1].map(() => price.nextElementSibling.appendChild(document.createElement("span")));
  const last = bars.times.length - 1;
  const hint = readout.textContent;
  let from = 0, to = last, current = last, dragged;
  const addBox = (name) => {
    const box = document.createElement("div");
    box.className = name;
    box.hidden = true;
    plots.append(box);
    return box;
  };
  const cursor = addBox("cursor"), selection = addBox("selection");
  const clamp = (bar) => Math.min(last, Math.max(0, Math.round(bar)));
  const toBar = (clientX) => {
    const { left, width } = drawings[0].getBoundingClientRect();
    return clamp(from + ((clientX - left) / width) * (to - from));
  };
  const toX = (bar) => {
    const { left, width } = drawings[0].getBoundingClientRect();
    return left - plots.getBoundingClientRect().left + (width * (bar - from)) / (to - from);
  };
  const show = (bar) => {
    current = bar;
    cursor.hidden = bar < from || bar > to;
    cursor.style.left = toX(bar) + "px";
    const regime = bars.regimes[bars.regime[bar]];
    const failed = parseInt(bars.failed.slice(2 * bar, 2 * bar + 2), 16);
    const names = bars.gates.filter((_, gate) => failed & (1 << gate));
    const verdict = names.length === 0 ? "allowed" : "refused by " + names.join(", ");
    const facts = [bars.times[bar], "close " + bars.closes[bar], regime];
    if (regime !== "warm-up") facts.push("P " + bars.probabilities[bar].toFixed(3), verdict);
    readout.textContent = facts.join(" \u00b7 ");
  };
  const fitPrice = () => {
    const all = to - from === last;
    const shown = bars.closes.slice(from, to + 1);
    const toShare = (price) => (bars.logTop - Math.log(price)) / bars.logHeight;
    const [top, bottom] = [toShare(Math.max(...shown)), toShare(Math.min(...shown))];
    const margin = Math.max((bottom - top) * 0.05, 1e-4);
    const [first, height] = all ? [0, 1] : [top - margin, bottom - top + 2 * margin];
    price.setAttribute("viewBox", from + " " + 1000 * first + " " + (to - from) + " " + 1000 * height);
    const place = (label, share) => {
      label.style.top = (100 * (share - first)) / height + "%";
      return (share - first) / height;
    };
    for (const label of priceLabels) {
      const share = place(label, label.dataset.share);
      const crowded = !all && (share < 0.12 || share > 0.88);
      label.style.visibility = crowded ? "hidden" : "";
    }
    for (const [label, value, share] of [[highest, Math.max(...shown), top], [lowest, Math.min(...shown), bottom]]) {
      label.hidden = all;
      label.textContent = value;
      place(label, share);
    }
  };
  const zoom = (first, final) => {
    from = first;
    to = final;
    for (const drawing of drawings) drawing.setAttribute("viewBox", from + " 0 " + (to - from) + " 1000");
    fitPrice();
    for (const label of labels) {
      const share = (label.dataset.bar - from) / (to - from);
      label.style.left = 100 * share + "%";
      label.style.visibility = share < 0 || share > 1 ? "hidden" : "";
    }
  };
  plots.addEventListener("pointerdown", (event) => { dragged = toBar(event.clientX); });
  plots.addEventListener("pointermove", (event) => {
    const bar = toBar(event.clientX);
    show(bar);
    selection.hidden = dragged === undefined || dragged === bar;
    if (selection.hidden) return;
    selection.style.left = toX(Math.min(dragged, bar)) + "px";
    selection.style.width = Math.abs(toX(bar) - toX(dragged)) + "px";
  });
  addEventListener("pointerup", (event) => {
    const bar = toBar(event.clientX);
    if (dragged !== undefined && Math.abs(bar - dragged) >= 10) zoom(Math.min(dragged, bar), Math.max(dragged, bar));
    dragged = undefined;
    selection.hidden = true;
  });
  plots.addEventListener("pointerleave", () => {
    if (dragged !== undefined) return;
    cursor.hidden = true;
    readout.textContent = hint;
  });
  plots.addEventListener("dblclick", () => zoom(0, last));
  plots.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 }[event.key];
    if (event.key === "Escape") zoom(0, last);
    if (step === undefined) return;
    event.preventDefault();
    show(clamp(current + step));
  });
})();
`;
