// Notes to the lead, and the flag that says "unsure". They go the way of the answers: kept here until the server has them.

export class Notes {
  #place = document.getElementById("noting");
  #field = document.getElementById("note-text");
  #drafts = new Map();

  constructor(screen) {
    this.screen = screen;
  }

  get isOpen() {
    return !this.#place.hidden;
  }

  #waiting(unit) {
    return this.screen.outbox.of(unit.id, this.screen.panel.words.notes).map((entry) => entry.value);
  }

  isFlagged(unit) {
    const last = this.#waiting(unit).findLast((value) => "flag" in value);
    return last ? last.flag : "flagged" in (unit.thread?.dataset ?? {});
  }

  /** How many notes stand on the unit, answers to them included. */
  count(unit) {
    return this.#waiting(unit).filter((value) => value.text).length + (unit.thread?.children.length ?? 0);
  }

  flag() {
    const { unit } = this.screen.state;
    this.#add(unit, { flag: !this.isFlagged(unit) });
  }

  toggle() {
    this.#place.hidden = !this.#place.hidden;
    if (this.isOpen) {
      this.#drawThread();
      this.#place.scrollIntoView({ block: "nearest" });
      this.#field.focus();
    } else this.screen.focusPanel();
  }

  /** From one sentence to another: what was typed of the one waits there, and is not sent with the other. */
  turn(before, unit) {
    this.#drafts.set(before, this.#field.value);
    this.#field.value = this.#drafts.get(unit) ?? "";
    this.#place.hidden = true;
  }

  send() {
    const text = this.#field.value.trim();
    if (!text) return this.#field.focus();
    const { unit, open } = this.screen.state;
    this.#add(unit, { text, variable: open?.variable ?? "" });
    this.#field.value = "";
    this.toggle();
  }

  #add(unit, value) {
    const { outbox, panel } = this.screen;
    const { article, note, unsure, sure } = panel.words;
    const told = { article, sentence: unit.index, question: note, answer: value.text ?? (value.flag ? unsure : sure) };
    outbox.add({ url: panel.words.notes, unit: unit.id, variable: "", value, told }, 0);
    this.screen.drawUnit(unit);
  }

  /** The server has a note: its thread as it stands now. */
  taken(entry, html) {
    const unit = this.screen.byId.get(entry.unit);
    const thread = new DOMParser().parseFromString(html, "text/html").querySelector(".thread");
    unit.thread?.remove();
    unit.element.append(document.adoptNode(thread));
    this.screen.drawUnit(unit);
    if (this.isOpen) this.#drawThread();
  }

  #drawThread() {
    const { unit } = this.screen.state;
    const stored = [...(unit.thread?.children ?? [])].map((row) => row.cloneNode(true));
    const waiting = this.#waiting(unit).filter((value) => value.text);
    const rows = waiting.map(({ text }) => Object.assign(document.createElement("li"), { textContent: text, className: "wait", dir: "auto" }));
    this.#place.querySelector(".thread").replaceChildren(...stored, ...rows);
  }
}
