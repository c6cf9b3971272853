import { read, write } from "./address.ts";
import { type State, withJob } from "./state.ts";

/** Changes of the same thing that follow each other within this time are one step back. */
const ONE_STEP_MILLIS = 1500;

/** How long nothing changes before the address is written. */
const PAUSE_MILLIS = 100;

/** Holds the state, keeps the address in step with it, and tells of every change. */
export class Store {
  #state: State;
  #complaints: readonly string[] = [];
  #leftOut: readonly string[] = [];
  #lastTopic = "";
  #lastTime = Number.POSITIVE_INFINITY;
  #writes = 0;
  #timer = 0;
  #pushes = false;
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
    window.clearTimeout(this.#timer);
    this.#pushes = false;
    const fragment = location.hash.slice(1);
    const writes = ++this.#writes;
    const reading = await read(fragment);
    if (writes !== this.#writes) {
      return;
    }
    this.#lastTime = Number.NEGATIVE_INFINITY;
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
    this.#schedule(topic);
    this.#tell();
  }

  setJob(changes: Record<string, string | null>): void {
    this.set(withJob(this.#state, changes), Object.keys(changes).join());
  }

  /** The address is written when a drag pauses, since that takes a browser some time. */
  #schedule(topic: string): void {
    const now = performance.now();
    const continues = topic === this.#lastTopic && now - this.#lastTime < ONE_STEP_MILLIS;
    this.#pushes ||= !continues;
    this.#lastTopic = topic;
    this.#lastTime = now;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#address(), PAUSE_MILLIS);
  }

  async #address(): Promise<void> {
    const pushes = this.#pushes;
    this.#pushes = false;
    const writes = ++this.#writes;
    const { fragment, leftOut } = await write(this.#state);
    if (writes !== this.#writes) {
      this.#pushes ||= pushes;
      return;
    }
    const url = `${location.pathname}${location.search}#${fragment}`;
    if (!pushes) {
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
