import type { EstimateSetting, GpusCard } from "../generated/answers.ts";
import { byId, element, replace } from "../dom.ts";
import { DEFAULT_TOKENS, type State } from "../state/state.ts";
import { choiceControl, type Control, type Turned } from "./choice.ts";
import { gpuControl } from "./gpu.ts";
import { ModelControl } from "./model.ts";
import { numberControl } from "./number.ts";
import { type Effective, effective } from "./origin.ts";
import { showDataMode } from "./data.ts";
import { type Knob, knobsOf, otherKnobs } from "./table.ts";
import { textControl } from "./text.ts";

/** All knobs, and a list of the settings that are not among those that are always there. */
export class Panel {
  readonly #controls = new Map<string, Control>();
  /** Of every other key, once they were asked for. */
  readonly #more = new Map<string, Control>();
  readonly #turned: Turned;
  #last: readonly [State, ReadonlyMap<string, EstimateSetting>] | null = null;

  constructor(turned: Turned) {
    this.#turned = (key, text) => turned(key, text);
    this.#controls.set("model.id", new ModelControl(this.#turned));
    this.#fill("training-knobs", [...knobsOf("method"), ...knobsOf("training")]);
    this.#fill("detail-knobs", knobsOf("details"));
    this.#fill("gpu-knobs", knobsOf("gpus"));
    this.#fill("token-knobs", knobsOf("tokens"));
    this.#fill("example-knobs", knobsOf("examples"));
    this.gpus([]);
    byId("more-settings").addEventListener("toggle", () => this.#showMore());
  }

  /** Takes the catalogue of GPUs, when it has come. */
  gpus(gpus: readonly GpusCard[]): void {
    const control = gpuControl(gpus, this.#turned);
    this.#controls.set("hardware.gpu", control);
    byId("gpu-knob").replaceChildren(control.node);
  }

  /** Shows what holds for each knob: what is set, else what the last estimate made of it. */
  show(state: State, settings: ReadonlyMap<string, EstimateSetting>): void {
    this.#last = [state, settings];
    for (const [key, control] of [...this.#controls, ...this.#more]) {
      control.show(shown(key, state, settings));
    }
    showDataMode(state, settings);
    const others = Object.entries(state.job).filter(([key]) => !this.#controls.has(key));
    byId("other-settings").hidden = others.length === 0;
    replace(byId("other-list"), ...others.map(([key, text]) => this.#chip(key, text)));
  }

  /** Marks the knob of a key as the one that is wrong, or none. */
  mark(key: string | null): void {
    document.querySelectorAll("#job [aria-invalid]").forEach((knob) => {
      knob.removeAttribute("aria-invalid");
    });
    if (key !== null) {
      document.getElementById(`knob-${key}`)?.setAttribute("aria-invalid", "true");
    }
  }

  #chip(key: string, text: string): HTMLElement {
    const remove = element(
      "button",
      {
        attributes: { type: "button", "aria-label": `Take out ${key}`, "data-key": key },
        on: { click: () => this.#turned(key, "") },
      },
      "×",
    );
    return element("li", {}, `${key} ${text}`, remove);
  }

  #fill(place: string, knobs: readonly Knob[], controls = this.#controls): void {
    for (const knob of knobs) {
      const control = controlOf(knob, this.#turned);
      controls.set(knob.key, control);
      byId(place).append(control.node);
    }
  }

  /** Makes the knobs that few people ask for, when somebody does. */
  #showMore(): void {
    if (this.#more.size === 0) {
      this.#fill("more-knobs", otherKnobs(), this.#more);
      if (this.#last !== null) {
        this.show(...this.#last);
      }
    }
  }
}

function controlOf(knob: Knob, turned: Turned): Control {
  switch (knob.kind) {
    case "choice":
      return choiceControl(knob, turned);
    case "number":
      return numberControl(knob, turned);
    case "text":
      return textControl(knob, turned);
  }
}

/** The tokens of the run are set by the page itself, which is no choice of the user's. */
function shown(
  key: string,
  state: State,
  settings: ReadonlyMap<string, EstimateSetting>,
): Effective {
  const value = effective(key, state, settings);
  const isDefault = key === "data.tokens" && !value.isSetHere && value.text !== "";
  return isDefault && Number(value.text) === Number(DEFAULT_TOKENS)
    ? { ...value, origin: "assumed" }
    : value;
}
