import type { Estimate } from "./generated/answers.ts";
import { otherBody } from "./api/bodies.ts";
import { byId } from "./dom.ts";
import { flatten } from "./state/job.ts";
import type { State } from "./state/state.ts";
import type { Store } from "./state/store.ts";
import { asking } from "./view/asking.ts";
import { CompareView } from "./view/compare.ts";

/** A job beside that of the knobs, which goes into the address, so that a link holds both. */
export class Comparison {
  readonly #store: Store;
  readonly #view = new CompareView();
  readonly #ask = asking<"estimate", Estimate>("estimate", "compare", this.#view);
  #estimate: Estimate | null = null;

  constructor(store: Store) {
    this.#store = store;
    byId("compare-keep").addEventListener("click", () => this.#keep());
    byId("compare-swap").addEventListener("click", () => {
      const { job, other } = store.state;
      store.set({ ...store.state, job: other ?? job, other: job }, "other");
    });
    byId("compare-drop").addEventListener("click", () => {
      store.set({ ...store.state, other: null }, "other");
    });
  }

  /** Takes the estimate of the knobs' job, or that there is none. */
  mine(estimate: Estimate | null): void {
    this.#estimate = estimate;
    this.#view.mine(estimate);
  }

  /** A model that is a dropped config.json has no name that a link could hold twice. */
  changed({ other, files, config }: State): void {
    byId("compare-keep").hidden = config !== null;
    byId("compare-drop").hidden = other === null;
    byId("compare-swap").hidden = other === null || files.length > 0 || config !== null;
    if (other === null) {
      this.#ask.drop();
      this.#view.forget();
    } else {
      void this.#ask.ask(otherBody(other));
    }
  }

  #keep(): void {
    if (this.#estimate !== null) {
      const { files, job } = this.#store.state;
      const other = files.length === 0 ? job : flatten(this.#estimate.job);
      this.#store.set({ ...this.#store.state, other }, "other");
    }
  }
}
