// The caret of the boundaries page: a place in the text of one unit. It counts UTF-16 units; `point` counts as the server.

import { toPoints, toUnits } from "./points.js";

const UNSPACED = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

/** Where the caret stops on its way through a text: before each word, at both ends; `fine` = before each character. */
export function stops(text, language, fine) {
  const found = new Set([0, text.length]);
  for (const part of new Intl.Segmenter(language || undefined, { granularity: fine ? "grapheme" : "word" }).segment(text)) {
    if (fine || (part.isWordLike && UNSPACED.test(part.segment))) found.add(part.index);
  }
  if (!fine) for (const gap of text.matchAll(/\s+(?=\S)/gu)) found.add(gap.index + gap[0].length);
  return [...found].sort((a, b) => a - b);
}

export class Caret {
  #sign = document.createElement("span");
  unit = null;
  offset = 0;

  constructor() {
    this.#sign.className = "caret";
  }

  get text() {
    return this.unit.querySelector(".text");
  }

  get words() {
    return this.text.textContent;
  }

  /** The offset in the text of the draft, in code points. */
  get point() {
    return Number(this.unit.dataset.start) + toPoints(this.words, this.offset);
  }

  get inside() {
    return this.offset > 0 && this.offset < this.words.length;
  }

  put(unit, offset) {
    this.lift();
    this.unit = unit;
    this.offset = Math.min(Math.max(offset, 0), this.words.length);
    this.#draw();
  }

  /** Put it at an offset in the text of the draft, in code points. */
  putAt(unit, point) {
    this.lift();
    this.put(unit, toUnits(unit.querySelector(".text").textContent, point - Number(unit.dataset.start)));
  }

  /** One stop on or back; false where the unit ends. */
  move(by, fine) {
    const places = stops(this.words, this.text.lang || this.text.closest("[lang]").lang, fine);
    const ahead = by > 0 ? places.find((place) => place > this.offset) : places.findLast((place) => place < this.offset);
    if (ahead === undefined) return false;
    this.put(this.unit, ahead);
    return true;
  }

  lift() {
    const home = this.#sign.parentElement;
    this.#sign.remove();
    home?.normalize();
  }

  #draw() {
    let rest = this.offset;
    const walk = document.createTreeWalker(this.text, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      if (rest > node.length) rest -= node.length;
      else return void node.parentNode.insertBefore(this.#sign, rest ? node.splitText(rest) : node);
    }
    return undefined;
  }
}
