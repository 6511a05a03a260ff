// A unit of the reading column, and where the stretches of its text lie.

import { toPoints, toUnits } from "./points.js";

/** A unit of the reading column: its text, and its answers as they stand. */
export class Unit {
  constructor(element, outbox) {
    Object.assign(this, { element, outbox });
    this.id = Number(element.dataset.unit);
    this.index = Number(element.id.slice(1));
    this.start = Number(element.dataset.start);
    this.scope = element.dataset.scope ?? "";
    this.textElement = element.querySelector(".text");
    this.text = this.textElement?.textContent ?? "";
    this.read();
  }

  /** The flag and the notes on it, as the server wrote them; null where there are none. */
  get thread() {
    return document.getElementById(`thread-${this.id}`);
  }

  /** Take the labels from the server's markup and lay what still waits in the outbox over them. */
  read() {
    this.labels = JSON.parse(this.element.querySelector(".answers").dataset.labels ?? "{}");
    this.values = {};
    for (const [variable, [value]] of Object.entries(this.labels)) this.#set(variable, value);
    const chosen = this.outbox.of(this.id);
    for (const entry of chosen) this.#set(entry.variable, entry.value);
    // What a mended boundary brought along waits until its annotator chooses.
    const came = Object.keys(this.labels).filter((variable) => this.labels[variable][2]);
    this.waiting = new Set(came.filter((variable) => chosen.every((entry) => entry.variable !== variable)));
  }

  /** The answers without those that wait to be confirmed. */
  get confirmed() {
    return Object.fromEntries(Object.entries(this.values).filter(([variable]) => !this.waiting.has(variable)));
  }

  /** Take over what the server holds instead of our answer. */
  adopt(variable, value, version) {
    this.labels[variable] = [value, version];
    this.element.querySelector(".answers").dataset.labels = JSON.stringify(this.labels);
  }

  #set(variable, value) {
    if (value === null) delete this.values[variable];
    else this.values[variable] = value;
  }
}

/** A span of the server's (code points of the text version) as a mark of the unit's element. */
export function place(unit, span, mark) {
  return {
    ...mark,
    from: toUnits(unit.text, span.start - unit.start),
    to: toUnits(unit.text, span.end - unit.start),
  };
}

/** The stretch from..to of the unit (UTF-16) as the server counts it, with its quote. */
export function spanOf(unit, { from, to }) {
  return {
    start: unit.start + toPoints(unit.text, from),
    end: unit.start + toPoints(unit.text, to),
    quote: unit.text.slice(from, to),
  };
}
