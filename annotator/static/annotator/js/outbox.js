// Nothing typed is ever lost: every choice lies in IndexedDB until the server has it, and is posted in order.

const DATABASE = "annotator";
const STORE = "outbox";
const LONGEST_PAUSE = 30_000;
const KEEPALIVE_LIMIT = 60_000;

/** Open the store, or null where the browser refuses one (then choices live as long as the page). */
function openStore() {
  return new Promise((resolve) => {
    if (!window.indexedDB) return resolve(null);
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "event" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  });
}

function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/**
 * The choices that the server has not confirmed.
 * An entry is {event, user, url, unit, variable, value, base, time, order, settle?}; `settle` is the server's question
 * about two answers. `listener` has saved(entry, html), settle(entry, html), refused(entry, html) and state(state).
 */
export class Outbox {
  #entries = [];
  #store = null;
  #sending = false;
  #failures = 0;
  #trouble = "";
  #timer = 0;
  #order = Date.now();

  constructor(url, user, listener) {
    Object.assign(this, { url, user, listener });
  }

  async open() {
    this.#store = await openStore();
    if (this.#store) {
      const request = this.#store.transaction(STORE).objectStore(STORE).getAll();
      const kept = await new Promise((resolve) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => resolve([]);
      });
      for (const entry of this.#entries) this.#keep(entry);
      const known = new Set(this.#entries.map((entry) => entry.event));
      const mine = kept.filter((entry) => entry.user === this.user && !known.has(entry.event));
      this.#entries = [...mine.sort((a, b) => a.order - b.order), ...this.#entries];
    }
    window.addEventListener("online", () => this.retry());
    window.addEventListener("offline", () => this.#report());
    document.addEventListener("visibilitychange", () => document.hidden || this.retry());
    this.retry();
  }

  /** Choices on this page's article, in the order made. */
  of(unit) {
    return this.#entries.filter((entry) => entry.url === this.url && entry.unit === unit);
  }

  /** Keep a choice and send it. `version` is the last one that the server told of this label. */
  add(unit, variable, value, version) {
    const before = this.of(unit).filter((entry) => entry.variable === variable);
    const base = Math.max(version, ...before.map((entry) => entry.base + 1));
    const entry = {
      event: crypto.randomUUID(),
      user: this.user,
      url: this.url,
      unit,
      variable,
      value,
      base,
      time: new Date().toISOString(),
      order: this.#order++,
    };
    this.#entries.push(entry);
    this.#keep(entry);
    this.#send();
    return entry;
  }

  /** Two answers, one decided: send mine again on top of the other's version, or drop it. */
  settle(entry, keepMine, version) {
    const all = this.of(entry.unit).filter((other) => other.variable === entry.variable);
    const last = all.at(-1);
    for (const old of all) this.#drop(old);
    if (keepMine) this.add(last.unit, last.variable, last.value, version);
    else this.#send();
  }

  /** Try again now, whatever went wrong before. */
  retry() {
    clearTimeout(this.#timer);
    this.#failures = 0;
    this.#trouble = "";
    this.#send();
  }

  #keep(entry) {
    if (!this.#store) return;
    try {
      const transaction = this.#store.transaction(STORE, "readwrite");
      transaction.objectStore(STORE).put(entry);
      // Committed from here on, even if the page is closed before the next event.
      transaction.commit?.();
    } catch {
      // The browser took the store away (private window, full disk): sending goes on from memory.
      this.#store = null;
    }
  }

  #drop(entry) {
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#store?.transaction(STORE, "readwrite").objectStore(STORE).delete(entry.event);
  }

  #next() {
    const held = new Set();
    for (const entry of this.#entries) {
      const label = `${entry.url} ${entry.unit} ${entry.variable}`;
      if (!entry.settle && !held.has(label)) return entry;
      held.add(label);
    }
    return null;
  }

  async #send() {
    this.#report();
    if (this.#sending || this.#trouble) return;
    this.#sending = true;
    try {
      for (let entry = this.#next(); entry && !this.#trouble; entry = this.#next()) await this.#post(entry);
    } finally {
      this.#sending = false;
      this.#report();
    }
  }

  async #post(entry) {
    const body = new URLSearchParams({
      event: entry.event,
      unit: entry.unit,
      variable: entry.variable,
      value: JSON.stringify(entry.value),
      base_version: entry.base,
      client_time: entry.time,
    });
    let response, html;
    try {
      response = await fetch(entry.url, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": cookie("csrftoken"), "HX-Request": "true" },
        // An expired session answers with a redirect to the sign-in page.
        redirect: "manual",
        keepalive: String(body).length < KEEPALIVE_LIMIT,
      });
      html = await response.text();
    } catch {
      return this.#pause("offline");
    }
    await this.#take(entry, response, html);
  }

  async #take(entry, response, html) {
    const ours = html.includes("data-refusal");
    if (response.status === 200) {
      this.#failures = 0;
      this.#drop(entry);
      if (entry.url === this.url) await this.listener.saved(entry, html);
    } else if (response.status === 409) {
      entry.settle = html;
      if (entry.url === this.url) this.listener.settle(entry);
    } else if (response.status === 400 && ours) {
      this.#drop(entry);
      for (const later of this.#entries) {
        if (later.url === entry.url && later.unit === entry.unit && later.variable === entry.variable) later.base -= 1;
      }
      if (entry.url === this.url) this.listener.refused(entry, html);
    } else if (response.status === 422) {
      this.#drop(entry);
      entry.event = crypto.randomUUID();
      this.#entries.unshift(entry);
      this.#keep(entry);
    } else if (response.type === "opaqueredirect" || (response.status === 403 && !ours)) {
      this.#pause("signin");
    } else if (response.status === 403 || response.status === 404) {
      this.#pause("refused");
    } else {
      this.#pause("waiting");
    }
  }

  #pause(trouble) {
    this.#trouble = trouble;
    const pause = Math.min(1000 * 2 ** this.#failures++, LONGEST_PAUSE);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#trouble = "";
      this.#send();
    }, pause);
  }

  #report() {
    const settle = this.#entries.filter((entry) => entry.settle).length;
    const waiting = this.#entries.length - settle;
    let state = "saved";
    if (settle) state = "settle";
    if (waiting) state = navigator.onLine ? this.#trouble || "waiting" : "offline";
    this.listener.state(state, state === "settle" ? settle : waiting + settle);
  }
}

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

  /** Take the labels from the server's markup and lay what still waits in the outbox over them. */
  read() {
    this.labels = JSON.parse(this.element.querySelector(".answers").dataset.labels ?? "{}");
    this.values = {};
    for (const [variable, [value]] of Object.entries(this.labels)) this.#set(variable, value);
    for (const entry of this.outbox.of(this.id)) this.#set(entry.variable, entry.value);
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

/** The choices made since the page was opened, for undo and redo. */
export class History {
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

const TONES = { waiting: "doubt", offline: "offline", settle: "bad", signin: "bad", refused: "bad" };
const ICONS = { saved: "check", waiting: "clock", offline: "offline" };

/** The line in the bar: saved, or how many wait and why. */
export function showState(name, count) {
  const line = document.getElementById("save");
  line.className = `save ${TONES[name] ?? ""}`.trim();
  line.querySelector("use").setAttribute("href", `#${ICONS[name] ?? "warning"}`);
  line.querySelector("span").textContent = line.dataset[name].replace("#", count);
  document.getElementById("signin").hidden = name !== "signin";
  document.getElementById("to-settle").hidden = name !== "settle";
}
