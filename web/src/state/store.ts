import { read, write } from "./address.ts";
import { type State, withJob } from "./state.ts";

/** Changes of the same thing that follow each other within this time are one step back. */
const ONE_STEP_MILLIS = 1500;

/** Holds the state, keeps the address in step with it, and tells of every change. */
export class Store {
  #state: State;
  #complaints: readonly string[] = [];
  #leftOut: readonly string[] = [];
  #lastTopic = "";
  #lastTime = Number.POSITIVE_INFINITY;
  #writes = 0;
  readonly #listeners: (() => void)[] = [];
  readonly #addressListeners: (() => void)[] = [];

  constructor(state: State) {
    this.#state = state;
    window.addEventListener("popstate", () => void this.load());
  }

  get state(): State {
    return this.#state;
  }

  /** What of the address was not understood. */
  get complaints(): readonly string[] {
    return this.#complaints;
  }

  /** Names of files that the address is too short for. */
  get leftOut(): readonly string[] {
    return this.#leftOut;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  onAddress(listener: () => void): void {
    this.#addressListeners.push(listener);
  }

  /** Takes the state from the address. */
  async load(): Promise<void> {
    const fragment = location.hash.slice(1);
    const writes = ++this.#writes;
    const reading = await read(fragment);
    if (writes !== this.#writes) {
      return;
    }
    this.#state = reading.state;
    this.#complaints = reading.complaints;
    this.#leftOut = [];
    this.#lastTopic = "";
    this.#tell();
  }

  /** Changes the state; changes of one topic that come quickly are one step of the back button. */
  set(state: State, topic: string): void {
    this.#state = state;
    this.#complaints = [];
    void this.#address(topic);
    this.#tell();
  }

  setJob(changes: Record<string, string | null>): void {
    this.set(withJob(this.#state, changes), Object.keys(changes).join());
  }

  async #address(topic: string): Promise<void> {
    const now = performance.now();
    const replaces = topic === this.#lastTopic && now - this.#lastTime < ONE_STEP_MILLIS;
    this.#lastTopic = topic;
    this.#lastTime = now;
    const writes = ++this.#writes;
    const { fragment, leftOut } = await write(this.#state);
    if (writes !== this.#writes) {
      return;
    }
    const url = `${location.pathname}${location.search}#${fragment}`;
    if (replaces) {
      history.replaceState(null, "", url);
    } else if (`#${fragment}` !== location.hash) {
      history.pushState(null, "", url);
    }
    this.#leftOut = leftOut;
    this.#addressListeners.forEach((listener) => listener());
  }

  #tell(): void {
    this.#listeners.forEach((listener) => listener());
  }
}
