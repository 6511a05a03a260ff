// The keyboard of the coding screen: what each key does, and the list that tells of it.

import { legend, remember, remembered } from "./letters.js";

/** Do the action instead of what the browser would do. */
export const act = (event, action) => (event.preventDefault(), void action());

// Here Tab goes from field to button, as everywhere; elsewhere from question to question.
const FIELDS = "#noting, #find, #keys, #kept, .items, .marks";

// Keys belong to the panel, the column and the page itself, not to the bar.
const listens = (target) => target === document.body || Boolean(target.closest("#asking, #main, .strip"));

export class Keys {
  #screen;
  #list = document.getElementById("keys");
  #letters = document.getElementById("letters");

  constructor(screen) {
    this.#screen = screen;
    this.#letters.checked = remembered();
    this.#letters.addEventListener("change", () => remember(this.#letters.checked));
    document.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Open or close the list of keys. */
  toggle() {
    this.#list.hidden = !this.#list.hidden;
    if (this.#list.hidden) this.#screen.focusPanel();
    else {
      this.#list.scrollIntoView({ block: "nearest" });
      this.#list.focus({ preventScroll: true });
    }
  }

  #plain = {
    Enter: () => this.#takeOr(() => this.#screen.goOn()),
    ArrowUp: () => this.#screen.read(-1),
    ArrowDown: () => this.#screen.read(1),
    Backspace: (event) => this.#screen.answering.retrace(!event.shiftKey),
    " ": (event) => (event.shiftKey ? this.#screen.answering.another() : this.#screen.answering.penDown()),
    "/": () => this.#screen.search.open(),
    ",": () => this.#screen.notes.toggle(),
    ".": () => this.#screen.notes.flag(),
    Delete: (event) => event.shiftKey && this.#screen.hints.dismiss(),
    "]": () => this.#screen.nextOpen(),
    "=": () => this.#screen.answering.sameSource(),
    "-": () => this.#screen.answering.cannotTell(),
    ";": () => this.#screen.state.pen && this.#screen.marking.toAttributes(),
    "?": () => this.toggle(),
  };

  #withPen = {
    Home: (event) => this.#screen.state.pen.edge(false, event.shiftKey),
    End: (event) => this.#screen.state.pen.edge(true, event.shiftKey),
    Delete: (event) => (event.shiftKey ? this.#screen.hints.dismiss() : this.#screen.marking.unmark()),
    Escape: () => this.#screen.answering.penUp(false),
    Enter: () => this.#takeOr(() => this.#screen.answering.penUp(false)),
  };

  #takeOr(otherwise) {
    const { at } = this.#screen.state;
    if (at) this.#screen.hints.take(at);
    else if (!this.confirm()) otherwise();
  }

  /** Keep the answer that waits on the open question as it is; false where there is none. */
  confirm() {
    const { state: { open, unit, item }, panel, book, answering } = this.#screen;
    const value = unit.values[open?.variable];
    if (panel.closed || value === undefined || !unit.waiting.has(open.variable)) return false;
    answering.choose(open.variable, value);
    answering.advance(book.flow(unit, item).findLast((question) => question.variable === open.variable) ?? open);
    return true;
  }

  #onKey(event) {
    const { target, key } = event;
    const { state } = this.#screen;
    if (event.defaultPrevented || event.isComposing || !listens(target)) return;
    if (key === "Tab") return !target.closest(FIELDS) && this.#screen.turn(event.shiftKey ? -1 : 1) && event.preventDefault();
    if (target.closest("#find")) return this.#screen.search.onKey(event) && event.preventDefault();
    if (target.closest("#noting")) return this.#inNote(event);
    const isTyping = target.matches("input.input, textarea");
    // Who reads the list of keys does not answer the question behind it.
    if (!this.#list.hidden && !isTyping) return ["Escape", "?"].includes(key) ? act(event, () => this.toggle()) : undefined;
    if (isTyping || target.matches("select")) return this.#inField(event);
    const command = event.ctrlKey || event.metaKey;
    if (command && key.toLowerCase() === "z") return act(event, () => this.#screen.answering.retrace(!event.shiftKey));
    if ((command || event.altKey) && !event.getModifierState("AltGraph")) return undefined;
    if (target.matches("button, a[href], summary") && ["Enter", " "].includes(key)) return undefined;
    if (this.#settles(key)) return act(event, () => this.#screen.settle(key === "1"));
    if (key === "ArrowLeft" || key === "ArrowRight") return act(event, () => this.#arrow(event));
    const plain = (state.pen && this.#withPen[key]) || this.#plain[key];
    if (!plain) return this.#value(event);
    act(event, () => plain(event));
    if (this.#withPen[key] && state.pen) this.#screen.penMoved();
    return undefined;
  }

  #settles(key) {
    return this.#screen.conflictOf(this.#screen.state.unit) && ["1", "2"].includes(key);
  }

  #arrow(event) {
    const { state, column } = this.#screen;
    const by = event.key === (column.dir === "rtl" ? "ArrowLeft" : "ArrowRight") ? 1 : -1;
    if (!state.pen) return this.#screen.step(by);
    state.pen.move(by, event.shiftKey);
    return this.#screen.penMoved();
  }

  #value(event) {
    const { state, panel } = this.#screen;
    const key = legend(event);
    if (!key || panel.closed || !state.open || this.#screen.conflictOf(state.unit) || !this.#letters.checked) return;
    if (state.open.kind === "number") return state.open.input.focus();
    const option = state.open.offered(state.unit.values).find((other) => other.dataset.key === key);
    if (option) act(event, () => this.#screen.answering.take(option, event.shiftKey && (state.open.several || state.open.marks)));
  }

  #inNote(event) {
    const { notes } = this.#screen;
    if (event.key === "Escape") return act(event, () => notes.toggle());
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) act(event, () => notes.send());
  }

  #inField(event) {
    const { state: { open }, panel } = this.#screen;
    if (event.key === "Escape") return act(event, () => panel.form.focus());
    const command = event.ctrlKey || event.metaKey;
    if (event.key !== "Enter" || !open?.input || (open.kind === "text" && !command)) return;
    act(event, () => this.#screen.answering.commit(open) && this.#screen.answering.advance(open));
  }
}
