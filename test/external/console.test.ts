/** The operator's console in a real browser, against a real service. */

import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, describe, expect, it } from "vitest";
import { InferenceService, type PredictResponse } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { startGoverned } from "../control/governed-service.ts";
import { createPredictRequest, type PredictRequestInit, toPredictRequest } from "../support/predict-requests.ts";
import { readReferenceDecisions } from "../support/reference-decisions.ts";
import { startTestService } from "../support/start-service.ts";
import { launchChromium, openPage, requireChromium, type WatchedPage } from "./browser.ts";

const wide = { viewport: { width: 1400, height: 1000 } };
const narrow = { viewport: { width: 400, height: 850 } };

interface Stage extends AsyncDisposable {
  readonly send: (request: PredictRequestInit) => Promise<PredictResponse>;
  /** Asks for a decision that every gate lets through. */
  readonly predict: (symbol: string) => Promise<PredictResponse>;
  readonly open: (options: BrowserContextOptions) => Promise<WatchedPage>;
}

let browser: Browser | undefined;
afterAll(() => browser?.close());

async function setStage(skip: (note: string) => never): Promise<Stage> {
  requireChromium(skip);
  browser ??= await launchChromium();
  const opened = browser;
  const service = await startTestService();
  const client = createClient(InferenceService, createConnectTransport({ baseUrl: service.url, httpVersion: "1.1" }));
  return {
    send: (request) => client.predict(request),
    predict: (symbol) => client.predict({ ...createPredictRequest(), symbol }),
    open: (options) => openPage(opened, service.url, options),
    async [Symbol.asyncDispose]() {
      for (const context of opened.contexts()) await context.close();
      await service[Symbol.asyncDispose]();
    },
  };
}

/** What has the focus, by its label or else its text. */
function focusedText(page: Page): Promise<string> {
  return page.evaluate<string>(
    "(({ activeElement: at }) => at.getAttribute('aria-label') ?? (at.id || at.textContent))(document)",
  );
}

/** Chromium without a screen hides no page, so the page is told that it is hidden. */
async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate(`Object.defineProperty(document, "hidden", { value: ${hidden}, configurable: true })`);
  await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
}

async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await page.evaluate<boolean>(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the tab key does not reach ${selector}`);
}

/**
 * Lists the texts that WCAG 2.2 AA calls too faint: 4.5 to 1 against what is behind them, 3 to 1 for large ones. Looks
 * at the open dialog alone when there is one: the page behind it is dimmed on purpose.
 */
const faintTexts = `(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const read = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const groundOf = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = read(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  const root = document.querySelector("dialog[open]") ?? document.body;
  const found = new Set();
  let seen = 0;
  for (const element of root.querySelectorAll("*")) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join("");
    if (text === "" || !element.checkVisibility() || element.closest(".unseen, noscript, option, svg") !== null) continue;
    seen += 1;
    const style = getComputedStyle(element);
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const [a, b] = [luminance(read(style.color)), luminance(groundOf(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (isLarge ? 3 : 4.5)) found.add(text.slice(0, 40) + ": " + ratio.toFixed(2));
  }
  return seen < 20 ? ["only " + seen + " texts were looked at"] : [...found];
})()`;

/** Rows with decisions for this symbol. */
const rowsOf = (page: Page, symbol: string) => page.getByRole("row").filter({ hasText: symbol });

describe("the console shows what happens", () => {
  it("lists decisions as they come, with their regimes and figures", async ({ skip }) => {
    await using stage = await setStage(skip);
    const { page, complaints, elsewhere } = await stage.open(wide);
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByText("No decisions yet.").first().waitFor();
    await stage.predict("EURUSD");
    await rowsOf(page, "EURUSD").getByText("Allowed").waitFor();
    await stage.predict("GBPUSD");
    await rowsOf(page, "GBPUSD").waitFor();
    await page.getByRole("img", { name: /^GBPUSD 4H: TRENDING now/ }).waitFor();
    await page.getByText("100.0 %").first().waitFor();
    expect(await page.locator("#rows tr").count()).toBe(2);
    expect(await page.locator("#rows tr").first().textContent()).toContain("GBPUSD");
    expect(complaints).toEqual([]);
    expect(elsewhere).toEqual([]);
  });

  it("shows names that look like markup as they are", async ({ skip }) => {
    await using stage = await setStage(skip);
    const { page, complaints } = await stage.open(wide);
    const symbol = "<img src=x onerror=alert(1)>";
    await stage.predict(symbol);
    await rowsOf(page, symbol).waitFor();
    expect(await page.locator("#rows img").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it("says since when it has no answer, and goes on when there is one", async ({ skip }) => {
    await using stage = await setStage(skip);
    const { page } = await stage.open(wide);
    await page.getByText("Live", { exact: true }).waitFor();
    await page.context().setOffline(true);
    await page.getByText(/No answer since \d\d:\d\d:\d\d UTC/).waitFor();
    await page.getByText("Lost", { exact: true }).waitFor();
    expect(await page.getByRole("status").textContent()).toContain("lost");
    await page.context().setOffline(false);
    await page.getByText("Live", { exact: true }).waitFor();
    expect(await page.getByText(/No answer since/).count()).toBe(0);
  });
});

describe("while nobody looks", () => {
  it("asks nothing and does not call itself live, then catches up", async ({ skip }) => {
    await using stage = await setStage(skip);
    const { page } = await stage.open(wide);
    await page.clock.install();
    await page.reload();
    await page.getByText("Live", { exact: true }).waitFor();
    await setHidden(page, true);
    await page.getByText("Paused", { exact: true }).waitFor();
    await page.getByText(/Everything below is as of \d\d:\d\d:\d\d UTC/).waitFor();
    await stage.predict("EURUSD");
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.clock.fastForward(60_000);
    // Seen after anything that the timers have asked.
    await page.evaluate('fetch("health")');
    expect(asked).toEqual(["/health"]);
    await setHidden(page, false);
    await rowsOf(page, "EURUSD").waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
  });
});

describe("by keyboard alone", () => {
  it("opens a decision with what made it, and returns to where it was", async ({ skip }) => {
    await using stage = await setStage(skip);
    for (const symbol of ["EURUSD", "GBPUSD", "USDJPY"]) await stage.predict(symbol);
    const { page } = await stage.open(wide);
    await rowsOf(page, "EURUSD").waitFor();
    await tabTo(page, "#rows button");
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    const detail = page.getByRole("dialog");
    await detail.getByRole("heading", { name: "GBPUSD 4H" }).waitFor();
    await detail.getByRole("row", { name: /momentum score/ }).waitFor();
    expect(await detail.getByRole("row", { name: /^Sum, probability/ }).textContent()).toMatch(/0\.\d{4}$/);
    expect(await detail.getByText("Passed", { exact: true }).count()).toBe(5);
    // More than the table holds: its row is the only one left of the earlier ones.
    for (let count = 0; count < 45; count++) await stage.predict("AUDUSD");
    await page.locator("#rows tr", { hasText: "AUDUSD" }).nth(39).waitFor({ state: "attached" });
    await page.keyboard.press("Escape");
    await detail.waitFor({ state: "hidden" });
    expect(await focusedText(page)).toMatch(/^[\d:.]+, GBPUSD 4H: allowed$/);
  });

  it("reaches every control", async ({ skip }) => {
    await using stage = await setStage(skip);
    await stage.predict("EURUSD");
    const { page } = await stage.open(wide);
    await rowsOf(page, "EURUSD").waitFor();
    await page
      .getByRole("button", { name: /^Halt signal_filter/ })
      .first()
      .waitFor();
    const controls = page.locator("a:visible, button:visible, input:visible, select:visible");
    const reached = new Set<string>();
    for (let presses = await controls.count(); presses > 0; presses--) {
      await page.keyboard.press("Tab");
      reached.add(await focusedText(page));
      const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
      expect(outline).toBe("solid");
    }
    expect(reached.size).toBeGreaterThanOrEqual(await controls.count());
  });
});

describe("halting", () => {
  it("needs a reason, a name and the typed words; then the next decision is refused until it is resumed", async ({
    skip,
  }) => {
    await using stage = await setStage(skip);
    const { page, complaints } = await stage.open(wide);
    await page.getByRole("button", { name: "Halt trading…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Halt" }).click();
    expect(await dialog.locator("[aria-invalid=true]").count()).toBe(3);
    expect((await stage.predict("EURUSD")).prediction?.allowTrade).toBe(true);

    await dialog.getByLabel("Why").fill("exchange outage");
    await dialog.getByLabel("Who you are").fill("operator");
    await dialog.getByLabel(/to confirm/).fill("halt");
    await page.keyboard.press("Enter");
    expect(await dialog.locator("[aria-invalid=true]").count()).toBe(1);
    expect((await stage.predict("EURUSD")).prediction?.allowTrade).toBe(true);

    await dialog.getByLabel(/to confirm/).fill("halt service");
    await page.keyboard.press("Enter");
    await page.getByText("Trading is halted", { exact: true }).waitFor();
    await page.getByText("the whole service: exchange outage").waitFor();
    expect((await stage.predict("EURUSD")).prediction?.allowTrade).toBe(false);
    await rowsOf(page, "EURUSD").getByText("trading enabled").waitFor();

    await page.getByRole("button", { name: "Resume the whole service…" }).click();
    await dialog.getByLabel("Why").fill("exchange is back");
    await dialog.getByLabel(/to confirm/).fill("resume service");
    await page.keyboard.press("Enter");
    await page.getByText("Trading is halted", { exact: true }).waitFor({ state: "hidden" });
    expect((await stage.predict("EURUSD")).prediction?.allowTrade).toBe(true);
    expect(complaints).toEqual([]);
  });

  it("shows what the service refuses beside the field", async ({ skip }) => {
    await using stage = await setStage(skip);
    const { page } = await stage.open(narrow);
    await page.getByRole("button", { name: "Halt trading…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: "model" }).check();
    await dialog.getByLabel("Which one").fill("no_such_model");
    await dialog.getByLabel("Why").fill("a test");
    await dialog.getByLabel("Who you are").fill("operator");
    await dialog.getByLabel(/to confirm/).fill("halt no_such_model");
    await page.keyboard.press("Enter");
    await dialog.getByText(/no model but/).waitFor();
    expect(await dialog.getByLabel("Which one").getAttribute("aria-invalid")).toBe("true");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  });
});

describe("models", () => {
  it("are promoted and rolled back once the version or the model has been typed", async ({ skip }) => {
    requireChromium(skip);
    browser ??= await launchChromium();
    await using governed = await startGoverned();
    const { operator } = governed;
    await operator.register("signal-lightgbm.onnx", "v2.0.0");
    await operator.configure({ signalFilter: { useMlModel: true } });
    const { page, complaints } = await openPage(browser, governed.url, wide);
    await page.getByRole("button", { name: "Promote signal_filter v2.0.0…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Who you are").fill("operator");
    await page.keyboard.press("Enter");
    await dialog.getByText('Type "promote v2.0.0" to confirm.').waitFor();
    expect(await operator.serving()).toContain("signal_filter/v1.0.0_rule_based");
    await dialog.getByLabel(/to confirm/).fill("promote v2.0.0");
    await page.keyboard.press("Enter");
    await page.getByRole("row", { name: /signal_filter v2\.0\.0.*champion/ }).waitFor();
    expect(await operator.serving()).toContain("signal_filter/v2.0.0");

    await page.getByRole("button", { name: "Roll back signal_filter…" }).click();
    await dialog.getByLabel(/to confirm/).fill("rollback signal_filter");
    await page.keyboard.press("Enter");
    await page.getByRole("row", { name: /signal_filter v1\.0\.0_rule_based.*champion/ }).waitFor();
    expect(await operator.serving()).toContain("signal_filter/v1.0.0_rule_based");
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

describe("the page fits", () => {
  it.for([
    ["wide and light", { ...wide, colorScheme: "light" }],
    ["wide and dark", { ...wide, colorScheme: "dark" }],
    ["narrow and light", { ...narrow, colorScheme: "light" }],
    ["narrow and dark", { ...narrow, colorScheme: "dark", reducedMotion: "reduce" }],
  ] as const)("a screen that is %s", async ([, options], { skip }) => {
    await using stage = await setStage(skip);
    const symbols = ["EURUSD", "GBPUSD", "XAUUSD"];
    for (const [index, reference] of readReferenceDecisions().slice(0, 60).entries()) {
      await stage.send({ ...toPredictRequest(reference), symbol: symbols[index % 3] ?? "" });
    }
    const { page, complaints, elsewhere } = await stage.open(options);
    await page.locator("#rows tr").nth(39).waitFor();
    await page.getByText("regime allowed").first().waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    expect(await page.evaluate(faintTexts)).toEqual([]);
    await page.locator("#rows button").first().click();
    await page.getByRole("dialog").waitFor();
    expect(await page.evaluate("document.querySelector('dialog[open]').scrollWidth - innerWidth")).toBeLessThanOrEqual(
      0,
    );
    expect(await page.evaluate(faintTexts)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(elsewhere).toEqual([]);
  });
});
