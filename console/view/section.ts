/** A part of the page that is built anew when what it shows has changed, and left alone while it has not. */

import type { Child } from "./element.ts";

export class Section<T> {
  readonly #container: HTMLElement;
  readonly #build: (content: T) => readonly Child[];
  #shown: string | undefined;

  constructor(container: HTMLElement, build: (content: T) => readonly Child[]) {
    this.#container = container;
    this.#build = build;
  }

  /** @param content Plain data: it is compared by its JSON. */
  show(content: T): void {
    const text = JSON.stringify([content]);
    if (text === this.#shown) return;
    this.#shown = text;
    const focused = this.#focusedKey();
    this.#container.replaceChildren(...this.#build(content));
    if (focused !== undefined) this.#focus(focused);
  }

  #focusedKey(): string | undefined {
    const { activeElement } = document;
    if (!(activeElement instanceof HTMLElement) || !this.#container.contains(activeElement)) return undefined;
    return activeElement.dataset["key"];
  }

  /** Who moves by keyboard must not be thrown back to the top of the page because a figure changed. */
  #focus(key: string): void {
    for (const element of this.#container.querySelectorAll<HTMLElement>("[data-key]")) {
      if (element.dataset["key"] === key) element.focus({ preventScroll: true });
    }
  }
}
