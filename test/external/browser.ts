/** A real browser that is allowed nothing but the service under test. */

import { existsSync } from "node:fs";
import { env } from "node:process";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

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

/** Skips the test with a reason when there is no browser; where CI is set there must be one. */
export function requireChromium(skip: (note: string) => never): void {
  if (existsSync(executablePath)) return;
  const note = `there is no ${executablePath}`;
  if (env["CI"] === "true") throw new Error(note);
  skip(note);
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath, args });
}

export interface WatchedPage {
  readonly page: Page;
  /** What the console shows as errors or warnings, uncaught errors, violations of the content security policy. */
  readonly complaints: readonly string[];
  /** Requests to anybody but the service. */
  readonly elsewhere: readonly string[];
}

/** Opens a page in a context of its own and keeps account of what it complains of and whom it asks. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  const elsewhere: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "data:" && origin !== new URL(url).origin) elsewhere.push(request.url());
  });
  await page.goto(url);
  return { page, complaints, elsewhere };
}
