// Mouse, touch, and what is typed into fields.

import { act } from "./keys.js";
import { offsetAt, selected } from "./pen.js";

const TYPING_PAUSE = 1000;

export class Pointer {
  #pointed = null;

  constructor(screen, keys) {
    Object.assign(this, { screen, keys });
    const { form } = screen.panel;
    document.addEventListener("click", (event) => this.#onClick(event));
    document.addEventListener("pointerup", (event) => this.#selectSoon(event));
    document.addEventListener("keydown", () => this.#selectNow(), true);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", (event) => this.#onChange(event));
    form.addEventListener("input", (event) => this.#onInput(event));
    form.addEventListener("pointerover", (event) => this.#showRule(event.target.closest(".choice")));
    addEventListener("pagehide", () => this.#commitTyped());
  }

  get #state() {
    return this.screen.state;
  }

  #acts = {
    undo: () => this.screen.answering.retrace(true),
    find: () => this.screen.search.toggle(),
    findNext: () => this.screen.search.step(1),
    note: () => this.screen.notes.toggle(),
    sendNote: () => this.screen.notes.send(),
    flag: () => this.screen.notes.flag(),
    cannotTell: () => this.screen.answering.cannotTell(),
    another: () => this.screen.answering.another(),
    next: () => this.screen.goOn(),
    open: () => this.screen.nextOpen(),
    keys: () => this.keys.toggle(),
    confirm: () => this.keys.confirm(),
    pen: () => (this.#state.pen ? this.screen.answering.penUp(false) : this.screen.answering.penDown()),
    question: () => this.screen.turn(1) || this.screen.show(this.screen.book.firstOpen(this.#state.unit, this.#state.item)),
    close: () => this.screen.answering.advance(this.#state.open),
  };

  #clicks = {
    "[data-do]": ({ dataset }) => this.#acts[dataset.do](),
    "#to-settle": (link) => this.#showTrouble(link),
    "[data-again]": ({ dataset }) => this.screen.outbox.release(dataset.again),
    "[data-give-up]": ({ dataset }) => this.screen.outbox.giveUp(dataset.giveUp),
    "[data-keep]": ({ dataset }) => this.screen.settle(dataset.keep === "mine"),
    "[data-remove]": ({ dataset }) => this.screen.marking.unmark(Number(dataset.remove)),
    "[data-item]": ({ dataset }) => this.screen.answering.pickItem(Number(dataset.item)),
    "[data-drop]": ({ dataset }) => this.screen.answering.dropItem(Number(dataset.drop)),
    ".choice": (option) => this.screen.panel.closed || this.screen.answering.take(option, this.#state.open.several),
    ".asked": (row) => this.screen.show(this.screen.book.questions.find((question) => question.row === row)),
    ".unit[data-scope]": (element, event) => this.#onText(event, this.#unitOf(element)),
  };

  #onClick(event) {
    for (const [selector, action] of Object.entries(this.#clicks)) {
      const found = event.target.closest(selector);
      if (found) return act(event, () => action(found, event));
    }
  }

  #unitOf(element) {
    return element && this.screen.byId.get(Number(element.dataset.unit));
  }

  /** To what has to be settled, or to what was set aside. */
  #showTrouble(link) {
    if (link.hash !== "#kept") return link.pathname === location.pathname ? this.screen.nextOpen() : location.assign(link.href);
    const kept = document.getElementById("kept");
    for (const group of kept.children) group.open = true;
    kept.querySelector("summary").focus();
  }

  #onText(event, unit) {
    const { pen } = this.#state;
    if (!getSelection().isCollapsed) return;
    if (unit !== this.#state.unit) return this.screen.go(unit);
    const offset = pen && event.target.closest(".text") ? offsetAt(unit, event.clientX, event.clientY) : null;
    if (offset === null) return;
    pen.tap(offset, event.shiftKey || event.pointerType === "touch");
    this.screen.penMoved();
  }

  /** The browser may still let go of its selection after the button came up. A key that is quicker means what is selected. */
  #selectSoon(event) {
    this.#pointed = event;
    setTimeout(() => this.#selectNow());
  }

  #selectNow() {
    const event = this.#pointed;
    this.#pointed = null;
    if (event) this.#onSelect(event);
  }

  #onSelect(event) {
    const unit = this.#unitOf(event.target.closest?.(".unit"));
    const range = unit?.scope && selected(unit);
    if (!range) return;
    if (unit !== this.#state.unit) this.screen.go(unit);
    getSelection().removeAllRanges();
    this.screen.answering.penDown(range);
  }

  #showRule(option) {
    this.screen.panel.showRule(option ?? this.#state.at, this.#state.open);
  }

  #onChange(event) {
    if (event.target.matches(".attribute select")) this.screen.marking.setAttribute(event.target);
    else if (this.#state.open?.input === event.target) this.screen.answering.commit(this.#state.open);
  }

  /** A text is saved while it is typed, too. */
  #onInput({ target }) {
    const state = this.#state;
    clearTimeout(state.typing);
    if (!target.matches("textarea")) return;
    state.typing = setTimeout(() => state.open?.input === target && this.screen.answering.commit(state.open), TYPING_PAUSE);
  }

  /** What stands in a field is kept when the page goes; an answer that only stands there is not confirmed by leaving. */
  #commitTyped() {
    const { open, unit } = this.#state;
    const { panel, answering } = this.screen;
    if (open?.input !== document.activeElement || !open?.input) return;
    if (panel.typed(open) !== unit.values[open.variable]) answering.commit(open);
  }
}
