// Search in the article: what is found is lit up, Enter goes from one place to the next, Esc closes.

import { bring } from "./bring.js";

/** The text as it is compared, and for each of its UTF-16 units the place in the original that it comes from. */
function folded(text) {
  const places = [];
  let plain = "";
  let at = 0;
  for (const character of text) {
    const bare = character.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[‘’]/gu, "'").replace(/[“”]/gu, '"');
    for (let unit = 0; unit < bare.length; unit++) places.push(at);
    plain += bare;
    at += character.length;
  }
  return { plain, places: [...places, at] };
}

/** The stretch from..to of an element's text as a range of the document. */
function rangeOf(element, from, to) {
  const range = document.createRange();
  const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let passed = 0;
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (from >= passed && from <= passed + node.length) range.setStart(node, from - passed);
    if (to <= passed + node.length) {
      range.setEnd(node, to - passed);
      return range;
    }
    passed += node.length;
  }
  return range;
}

export class Search {
  #place = document.getElementById("find");
  #field = document.getElementById("find-text");
  #folded = new Map();
  #found = [];
  #at = -1;

  constructor(screen) {
    this.screen = screen;
    this.#field.addEventListener("input", () => this.#look());
  }

  open() {
    this.#place.hidden = false;
    this.#field.focus();
    this.#field.select();
    this.#look();
  }

  toggle() {
    if (this.#place.hidden) this.open();
    else this.#close();
  }

  #close() {
    this.#place.hidden = true;
    CSS.highlights?.clear();
    this.screen.focusPanel();
  }

  /** A key pressed in the field; false where it is none of ours. */
  onKey(event) {
    if (event.key === "Escape") this.#close();
    else if (event.key === "Enter") this.step(event.shiftKey ? -1 : 1);
    else return false;
    return true;
  }

  step(by) {
    if (!this.#found.length) return;
    this.#at = (this.#at + by + this.#found.length) % this.#found.length;
    this.#show();
  }

  #look() {
    const wanted = folded(this.#field.value.trim()).plain;
    this.#found = wanted ? this.screen.units.flatMap((unit) => this.#places(unit, wanted)) : [];
    const here = this.screen.units.indexOf(this.screen.state.unit);
    this.#at = Math.max(0, this.#found.findIndex(({ unit }) => this.screen.units.indexOf(unit) >= here));
    this.#show();
  }

  #places(unit, wanted) {
    if (!this.#folded.has(unit)) this.#folded.set(unit, folded(unit.text));
    const { plain, places } = this.#folded.get(unit);
    const found = [];
    for (let at = plain.indexOf(wanted); at >= 0; at = plain.indexOf(wanted, at + wanted.length)) {
      found.push({ unit, from: places[at], to: places[at + wanted.length] });
    }
    return found;
  }

  #show() {
    const { words } = this.screen.panel;
    const count = words.found.replace("#1", this.#at + 1).replace("#2", this.#found.length);
    this.#place.querySelector("output").textContent = this.#found.length ? count : this.#field.value.trim() && words.notFound;
    const there = this.#found[this.#at];
    if (there?.unit.scope && there.unit !== this.screen.state.unit) this.screen.go(there.unit);
    else if (there) bring(there.unit.element, document.getElementById("main"), "center");
    this.#field.focus();
    this.#light(there);
  }

  #light(there) {
    if (!CSS.highlights) return;
    const range = ({ unit, from, to }) => rangeOf(unit.textElement, from, to);
    CSS.highlights.set("found", new Highlight(...this.#found.filter((one) => one !== there).map(range)));
    CSS.highlights.set("found-here", new Highlight(...(there ? [range(there)] : [])));
  }
}
