/** The documentation page in a real browser that is allowed nothing but this service. */

import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { chromium } from "playwright-core";
import { expect, it } from "vitest";
import { startTestService } from "../support/start-service.ts";

const executablePath = env["CHROMIUM"] ?? "/usr/bin/chromium";
const args = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

it("shows every operation, without errors and without asking anybody else", async ({ skip }) => {
  if (!existsSync(executablePath)) {
    const note = `there is no ${executablePath}`;
    if (env["CI"] === "true") throw new Error(note);
    skip(note);
  }
  await using service = await startTestService();
  const openApi = await (await fetch(`${service.url}/openapi.json`)).json();
  const operations = Object.values<Record<string, unknown>>(readPaths(openApi)).flatMap((path) => Object.keys(path));
  const browser = await chromium.launch({ executablePath, args });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
    const complaints: string[] = [];
    const elsewhere: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("requestfailed", (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== "data:" && origin !== service.url) elsewhere.push(request.url());
    });
    await page.goto(`${service.url}/docs`);
    await page
      .locator(".opblock")
      .nth(operations.length - 1)
      .waitFor();
    expect(await page.locator(".opblock").count()).toBe(operations.length);
    await page.locator(".opblock", { hasText: "/predict" }).first().click();
    await page.getByText("Request body").first().waitFor();
    const folder = join(tmpdir(), "ml-layer-docs");
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, "docs.png") });
    expect(complaints).toEqual([]);
    expect(elsewhere).toEqual([]);
  } finally {
    await browser.close();
  }
});

function readPaths(openApi: unknown): Record<string, Record<string, unknown>> {
  if (typeof openApi !== "object" || openApi === null || !("paths" in openApi)) throw new Error("no OpenAPI document");
  return Object.fromEntries(Object.entries(openApi.paths ?? {}).map(([path, item]) => [path, { ...item }]));
}
