// Answers in words, as the server writes them too.

import { isCannotTell } from "./question.js";

const LONGEST = 200;
export const CLOSED = ["single", "multi", "ordinal"];

export class Wording {
  constructor(book, words) {
    Object.assign(this, { book, words });
  }

  /** An answer in words: [text, hue]. */
  describe(question, value) {
    if (value === undefined) return ["", ""];
    if (isCannotTell(value)) return [this.words.cannotTell, ""];
    if (Array.isArray(value) && !value.length) return [question.part ? this.words.narrator : this.words.none, "c0"];
    if (question.marks) return [this.#marked(question, value), ""];
    if (CLOSED.includes(question.kind) || question.part) {
      const keys = [value].flat();
      return [keys.map((key) => question.name(key)).join(", "), question.colour(keys[0])];
    }
    return [String(value), ""];
  }

  #marked(question, spans) {
    if (question.part || spans.length > 2) return this.words.parts.replace("#", spans.length);
    return spans.map((span) => `${span.quote}: ${question.name(span.value)}`).join(", ");
  }

  /** A whole answer in one line, as the server words it where two answers are compared. */
  inWords(variable, value) {
    const words = this.#inFull(variable, value);
    return words.length > LONGEST ? `${words.slice(0, LONGEST - 1)}…` : words;
  }

  #inFull(variable, value) {
    const question = this.book.question(variable);
    if (value === null) return this.words.noAnswer;
    if (!value.length || isCannotTell(value) || question.kind !== "attribution") return this.describe(question, value)[0];
    return value.map((item) => this.#attributed(variable, item).join(", ")).join("; ");
  }

  #attributed(variable, item) {
    const parts = ["source", "manner", "stance"].map((part) => this.book.question(variable, part)?.name(item[part]));
    return [...parts, item.spans.length ? this.words.parts.replace("#", item.spans.length) : ""].filter(Boolean);
  }

  /** Headline, detail and hue of a unit's margin, as the server writes them. */
  margin(unit) {
    const closed = this.book.questions.filter((question) => question.scope === unit.scope && CLOSED.includes(question.kind));
    const keys = unit.scope === "article" ? closed.slice(0, 3).map((q) => q.variable) : this.words.margin.split(" ");
    const given = keys.filter((key) => unit.values[key] !== undefined);
    if (!given.length) return ["", "", ""];
    const question = this.book.question(given[0]);
    if (question.kind !== "attribution") {
      const [headline, hue] = this.describe(question, unit.values[given[0]]);
      const rest = given.slice(1).map((key) => this.describe(this.book.question(key), unit.values[key])[0]);
      return [headline, rest.join(", "), hue];
    }
    const items = unit.values[given[0]];
    if (isCannotTell(items)) return [this.words.cannotTell, "", ""];
    if (!items.length) return [this.words.narrator, this.words.noAttribution, "c0"];
    const sources = new Set(items.map((item) => question.name(item.source)));
    const detail = ["manner", "stance"].map((part) => this.book.question(given[0], part)?.name(items[0][part]));
    return [[...sources].join(", "), detail.filter(Boolean).join(", ").toLowerCase(), question.colour(items[0].source)];
  }
}
