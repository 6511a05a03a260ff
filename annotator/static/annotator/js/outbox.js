// Nothing typed is ever lost: every choice lies in IndexedDB until the server has it, and is posted in order.

const DATABASE = "annotator";
const STORE = "outbox";
const LONGEST_PAUSE = 30_000;
const LONGEST_WAIT = 30_000;
const PATIENCE = 2;
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

export function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** The part of an answer that names this very choice: without it some page on the way spoke, not our server. */
function receipt(entry, html) {
  return new DOMParser().parseFromString(html, "text/html").querySelector(`[data-event="${entry.event}"]`);
}

/** Whether two answers are the same, in whatever order their fields stand. */
function same(one, other) {
  if (one === null || typeof one !== "object" || other === null || typeof other !== "object") return one === other;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => key in other && same(one[key], other[key]));
}

const labelOf = ({ url, unit, variable }) => `${url} ${unit} ${variable}`;

/**
 * The choices that the server has not confirmed.
 * An entry is {event, user, url, unit, variable, value, base, time, active, order, told, settle?, aside?}. `told` says in
 * words what was answered where: {article, sentence, question, answer}; `active` is {here, elsewhere}, the time it took. `settle` is the server's question about two answers; `aside`
 * is its reason for not taking this one, which then waits for somebody to send it again or to drop it.
 * `listener` has saved(entry, html), settle(entry), agreed(entry, value, version), refused(entry, message),
 * aside(entry) and state({name, count, settle, aside}).
 */
export class Outbox {
  #entries = [];
  #store = null;
  #sending = false;
  #failures = 0;
  #tries = new WeakMap();
  #trouble = "";
  #timer = 0;
  #order = Date.now();

  /** `url` takes the answers of this page's article; `others`, what else is said of it. */
  constructor(url, others, user, listener) {
    Object.assign(this, { url, others, user, listener });
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

  /** Choices on this page's article that are on their way, in the order made. */
  of(unit, url = this.url) {
    return this.#entries.filter((entry) => entry.url === url && entry.unit === unit && !entry.aside);
  }

  #isHere(entry) {
    return entry.url === this.url || this.others.includes(entry.url);
  }

  /** What waits to be sent of the same label, in the order made. */
  same(choice) {
    const label = labelOf(choice);
    return this.#entries.filter((entry) => labelOf(entry) === label);
  }

  /** Keep a choice and send it. `version` is the last one that the server told of this label. */
  add(choice, version) {
    const before = this.same({ url: this.url, ...choice });
    for (const entry of before) this.#release(entry);
    const entry = {
      url: this.url,
      ...choice,
      event: crypto.randomUUID(),
      user: this.user,
      base: Math.max(version, ...before.map((earlier) => earlier.base + 1)),
      time: new Date().toISOString(),
      order: this.#order++,
    };
    this.#entries.push(entry);
    this.#keep(entry);
    this.#send();
  }

  /** Two answers, one decided: send my last one again on top of the other's version, or drop mine. */
  settle(entry, keepMine, version) {
    const all = this.same(entry);
    for (const old of all) this.#drop(old);
    const { unit, variable, value, told, active } = all.at(-1);
    if (keepMine) this.add({ unit, variable, value, told, active }, version);
    else this.#send();
  }

  /** Send again what was set aside for one article. */
  release(url) {
    for (const entry of this.#entries) if (entry.url === url) this.#release(entry);
    this.retry();
  }

  /** Give up a choice that was set aside. */
  giveUp(event) {
    const entry = this.#entries.find((other) => other.event === event);
    if (entry) this.#withdraw(entry);
    this.#send();
  }

  /** Try again now, whatever went wrong before. */
  retry() {
    clearTimeout(this.#timer);
    this.#failures = 0;
    this.#trouble = "";
    this.#send();
  }

  #keep(entry) {
    this.#write((store) => store.put(entry));
  }

  #drop(entry) {
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#write((store) => store.delete(entry.event));
  }

  #write(change) {
    if (!this.#store) return;
    try {
      const transaction = this.#store.transaction(STORE, "readwrite");
      change(transaction.objectStore(STORE));
      // Committed from here on, even if the page is closed before the next event.
      transaction.commit?.();
    } catch {
      // The browser took the store away (private window, full disk): sending goes on from memory.
      this.#store = null;
    }
  }

  #release(entry) {
    if (!entry.aside) return;
    delete entry.aside;
    this.#keep(entry);
  }

  /** Take a choice out for good; those after it build on what was before it. */
  #withdraw(entry) {
    const all = this.same(entry);
    this.#drop(entry);
    for (const later of all.slice(all.indexOf(entry) + 1)) {
      later.base -= 1;
      this.#keep(later);
    }
  }

  /** The first choices of all labels, in the order made: only they may be sent, the others build on them. */
  #heads() {
    const heads = new Map();
    for (const entry of this.#entries) if (!heads.has(labelOf(entry))) heads.set(labelOf(entry), entry);
    return [...heads.values()];
  }

  #next() {
    const ready = this.#heads().filter((entry) => !entry.settle && !entry.aside);
    return ready.find((entry) => (this.#tries.get(entry) ?? 0) < PATIENCE) ?? ready[0];
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
      codebook: document.getElementById("asking").dataset.codebook,
      client_time: entry.time,
      active_ms: entry.active?.here ?? "",
      elsewhere_ms: entry.active?.elsewhere ?? "",
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
        signal: AbortSignal.timeout(LONGEST_WAIT),
      });
      html = await response.text();
    } catch {
      return this.#pause("offline");
    }
    await this.#take(entry, response, html);
  }

  async #take(entry, response, html) {
    const answer = receipt(entry, html);
    if (response.type === "opaqueredirect" || (response.status === 403 && !answer)) return this.#pause("signin");
    if (!answer) return this.#notUnderstood(entry, response.status);
    // Somebody else is signed in by now: what his session may not do says nothing about this choice.
    if (answer.dataset.user !== this.user) return this.#pause("signin");
    this.#failures = 0;
    const here = this.#isHere(entry);
    if (response.status === 200) {
      this.#drop(entry);
      if (here) await this.listener.saved(entry, html);
    } else if (response.status === 409) {
      this.#compare(entry, html, JSON.parse(answer.dataset.value), Number(answer.dataset.version));
    } else if (response.status === 422) {
      this.#rename(entry);
    } else if (response.status === 400 && here) {
      this.#withdraw(entry);
      this.listener.refused(entry, answer.textContent.trim());
    } else {
      this.#setAside(entry, answer.textContent.trim());
    }
  }

  /** A choice that the server fails at, again and again, lets the others pass. */
  #notUnderstood(entry, status) {
    if (status >= 400 && status <= 500) this.#tries.set(entry, (this.#tries.get(entry) ?? 0) + 1);
    this.#pause("waiting");
  }

  /** Another window answered too. The same answer needs no question. */
  #compare(entry, html, value, version) {
    const all = this.same(entry);
    const here = this.#isHere(entry);
    if (same(all.at(-1).value, value)) {
      for (const old of all) this.#drop(old);
      if (here) this.listener.agreed(entry, value, version);
    } else {
      entry.settle = html;
      if (here) this.listener.settle(entry);
    }
  }

  #setAside(entry, reason) {
    for (const held of this.same(entry)) {
      held.aside = reason;
      this.#keep(held);
    }
    if (this.#isHere(entry)) this.listener.aside(entry);
  }

  /** The event's name was taken; the choice goes out under a new one. */
  #rename(entry) {
    const taken = { ...entry };
    entry.event = crypto.randomUUID();
    this.#keep(entry);
    this.#drop(taken);
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
    const settle = this.#heads().filter((entry) => entry.settle);
    const aside = this.#entries.filter((entry) => entry.aside);
    const asked = new Set(settle.map(labelOf));
    const waiting = this.#entries.filter((entry) => !entry.aside && !asked.has(labelOf(entry))).length;
    let [name, count] = ["saved", 0];
    if (waiting) [name, count] = [navigator.onLine ? this.#trouble || "waiting" : "offline", waiting];
    else if (settle.length) [name, count] = ["settle", settle.length];
    else if (aside.length) [name, count] = ["aside", aside.length];
    this.listener.state({ name, count, settle, aside });
  }
}
