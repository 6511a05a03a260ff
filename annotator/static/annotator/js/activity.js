// How long somebody works at each sentence, for pace and pay. A pause without any movement is not counted.

/** A stretch without key, pointer or scrolling that is longer is a pause. Long enough to read a long paragraph. */
const PAUSE = 60_000;
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "touchmove", "scroll"];

export class Activity {
  #spent = new Map();
  #unit = null;
  #last = performance.now();

  constructor() {
    for (const sign of SIGNS) document.addEventListener(sign, () => this.#tick(), { capture: true, passive: true });
    document.addEventListener("visibilitychange", () => this.#tick(document.hidden));
  }

  /** `leaving`: the page has been looked at until now, though it is hidden already. */
  #tick(leaving = false) {
    const now = performance.now();
    const passed = now - this.#last;
    this.#last = now;
    if (this.#unit === null || passed > PAUSE || (document.hidden && !leaving)) return;
    this.#spent.set(this.#unit, (this.#spent.get(this.#unit) ?? 0) + passed);
  }

  /** Work goes on at this unit. */
  at(unit) {
    this.#tick();
    this.#unit = unit.id;
  }

  /** Milliseconds since the choice before: {here: at the unit, elsewhere: at others}. They are counted once. */
  take(unit) {
    this.#tick();
    const all = [...this.#spent.values()].reduce((sum, spent) => sum + spent, 0);
    const here = this.#spent.get(unit.id) ?? 0;
    this.#spent.clear();
    return { here: Math.round(here), elsewhere: Math.round(all - here) };
  }
}
