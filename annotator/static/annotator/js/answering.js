// Answers: chosen, taken back, and where the screen goes on after one.

import { CANNOT_TELL, listOf } from "./question.js";
import { told } from "./saving.js";

/** The choices made since the page was opened, for undo and redo. */
class History {
  #done = [];
  #undone = [];

  add(step) {
    this.#done.push(step);
    this.#undone.length = 0;
  }

  /** The step to take back or to do again, or undefined. */
  turn(back) {
    const [from, to] = back ? [this.#done, this.#undone] : [this.#undone, this.#done];
    const step = from.pop();
    if (step) to.push(step);
    return step;
  }
}

export class Answering {
  #past = new History();

  constructor(screen) {
    this.screen = screen;
  }

  get #state() {
    return this.screen.state;
  }

  choose(variable, value) {
    const { panel } = this.screen;
    const { unit, open, item } = this.#state;
    // What waited to be confirmed was no choice: choosing the same confirms it.
    const before = unit.confirmed[variable] ?? null;
    panel.say("");
    if (panel.closed || JSON.stringify(before) === JSON.stringify(value)) return;
    this.#past.add({ unit, variable, before, after: value, open, item });
    this.#put(unit, variable, value);
  }

  #put(unit, variable, value) {
    const { outbox, panel } = this.screen;
    const words = told(panel, unit, variable, value);
    const active = this.screen.activity.take(unit);
    outbox.add({ unit: unit.id, variable, value, told: words, active }, unit.labels[variable]?.[1] ?? 0);
    unit.read();
    this.screen.drawUnit(unit);
  }

  /** Undo (`back`) or redo, wherever it was. */
  retrace(back) {
    const step = this.#past.turn(back);
    if (!step) return;
    this.#put(step.unit, step.variable, back ? step.before : step.after);
    this.screen.go(step.unit, step.open, step.item);
  }

  take(option, add) {
    const { open, unit } = this.#state;
    if (this.#lacksSource(open) || (open.part === "source" && !option.dataset.value && this.#hasOthers())) return;
    if (open.marks) return "none" in option.dataset ? this.penUp(true) : this.screen.marking.mark(option, add);
    if (open.part) this.answerPart(open, option.dataset.value);
    else if (open.several) return this.#takeSeveral(option, add);
    else this.choose(open.variable, option.dataset.value);
    if (unit === this.#state.unit) this.advance(open);
  }

  /** Whether the source that a manner or stance is asked of was not taken by the server meanwhile. */
  #lacksSource(open) {
    const { panel, book } = this.screen;
    const lacks = !book.isReady(open, this.#state.unit, this.#state.item);
    if (lacks) panel.say(panel.words.sourceFirst);
    return lacks;
  }

  /** Whether there are attributions beside the one in hand; an answer for the whole sentence would drop them in silence. */
  #hasOthers() {
    const { panel, book } = this.screen;
    const { unit, item } = this.#state;
    const others = book.items(unit).some((_, number) => number !== item);
    if (others) panel.say(panel.words.others);
    return others;
  }

  answerPart(question, value) {
    const state = this.#state;
    if (!value) state.item = 0;
    this.choose(question.variable, question.withPart(state.unit.values[question.variable], state.item, value));
  }

  #takeSeveral(option, add) {
    const { open, unit, adding } = this.#state;
    const { panel } = this.screen;
    if ("none" in option.dataset) {
      this.choose(open.variable, []);
      return this.advance(open);
    }
    const chosen = open.toggled(add || adding ? listOf(unit.values[open.variable]) : [], option, add);
    if (chosen.length > Number(open.rules.most ?? Infinity)) return panel.say(panel.words.tooMany.replace("#", open.rules.most));
    this.choose(open.variable, chosen.length ? chosen : null);
    this.#state.adding = add;
    if (!add) this.advance(open);
  }

  /** On from an answered question: the next open one, else the next sentence. */
  advance(question) {
    const { book } = this.screen;
    const { unit, item } = this.#state;
    const asked = book.asked(unit, item);
    const flow = book.flow(unit, item);
    // Who corrects a source types manner and stance as well: they are asked again, answered or not.
    const following = flow[flow.indexOf(question) + 1];
    if (question.part && question.part === following?.before) return this.screen.show(following);
    const isOpen = (other) => book.isOpen(other, unit, item);
    const later = (list) => list.slice(list.indexOf(question) + 1);
    let next = later(flow).find(isOpen) ?? flow.find(isOpen) ?? book.waits(unit, item);
    if (!next && book.openItem(unit) !== item && !book.isDone(unit)) return this.screen.go(unit);
    if (!next && !flow.includes(question)) next = later(asked).find((other) => isOpen(other) && !other.marks);
    if (next) this.screen.show(next);
    else if (this.justCompleted()) this.#goToRest();
    else this.screen.step(1);
  }

  /** Whether the last open sentence of the article has been answered now, wherever it stands. */
  justCompleted() {
    const before = this.#state.complete;
    this.#state.complete = this.screen.counted.every((unit) => this.screen.book.isDone(unit));
    return this.#state.complete && !before;
  }

  /** What is left to say of the article is optional; after it, or without it, the article is finished. */
  #goToRest() {
    const rest = this.screen.asked.find((unit) => !this.screen.book.isDone(unit));
    if (rest) this.screen.go(rest);
    else this.screen.finish();
  }

  /** Take over what stands in the field of a number or text; false when it can't be taken. */
  commit(question) {
    clearTimeout(this.#state.typing);
    const value = this.screen.panel.typed(question);
    if (value !== undefined) this.choose(question.variable, value);
    return value !== undefined;
  }

  /** That the open question can't be answered, which is an answer too. */
  cannotTell() {
    const { open, unit } = this.#state;
    if (!open?.cannotTell || this.#lacksSource(open) || (open.part === "source" && this.#hasOthers())) return;
    if (open.part && open.part !== "source") this.answerPart(open, CANNOT_TELL);
    else this.choose(open.variable, CANNOT_TELL);
    if (unit === this.#state.unit) this.advance(open);
  }

  // Attributions

  /** The source of the sentence before that has one ("It said ..."), and that it was taken from there. */
  sameSource() {
    const { units, book, panel } = this.screen;
    const { unit, item } = this.#state;
    const before = units.slice(0, units.indexOf(unit)).findLast((other) => book.items(other).length);
    if (!before || panel.closed) return;
    const { variable } = book.source;
    const items = book.source.withPart(unit.values[variable], item, book.items(before).at(-1).source);
    items[item].same_as = before.start;
    this.choose(variable, items);
    this.advance(book.source);
  }

  another() {
    const { source } = this.screen.book;
    if (source) this.pickItem(this.screen.book.items(this.#state.unit).length);
  }

  pickItem(item) {
    this.screen.show(this.screen.book.source, item);
  }

  dropItem(item) {
    const { variable } = this.screen.book.source;
    const items = this.screen.book.items(this.#state.unit).filter((_, number) => number !== item);
    this.choose(variable, items.length ? items : null);
    this.pickItem(0);
  }

  // The pen

  penDown(range) {
    const { unit, item, open } = this.#state;
    const offered = this.screen.book.asked(unit, item).filter((question) => question.marks);
    if (!offered.length || this.screen.panel.closed) return;
    if (!open?.marks) this.screen.show(offered[0]);
    if (range) this.#state.pen.take(range);
    this.screen.penMoved();
  }

  /** Done marking. `none` says that there is nothing to mark, which is an answer. */
  penUp(none) {
    const { open, unit, item, back } = this.#state;
    const { book } = this.screen;
    if (open.required || none) {
      if (book.answer(open, unit, item) === undefined) this.choose(open.variable, []);
      return this.advance(open);
    }
    const rest = back ?? book.firstOpen(unit, item);
    // Where nothing but words is asked for, the pen has nowhere to go back to.
    if (rest === open) this.screen.step(1);
    else this.screen.show(rest);
  }
}
