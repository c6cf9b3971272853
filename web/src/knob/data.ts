import type { EstimateSetting } from "../generated/answers.ts";
import { byId } from "../dom.ts";
import { DEFAULT_TOKENS, type State } from "../state/state.ts";
import type { Store } from "../state/store.ts";

/** What a data set has where nobody says more than that there is one. */
const USUAL: Readonly<Record<string, string>> = {
  "data.examples": "10000",
  "data.tokens_per_example": "512",
  "data.epochs": "1",
};

/** Wires the choice between tokens of the run and examples of a data set. */
export function setUpData(store: Store): void {
  for (const radio of radios()) {
    radio.addEventListener("change", () => store.setJob(changes(radio.value === "examples")));
  }
}

/** Either way says how long the run is, so that one takes the other's place, a file's too. */
function changes(isData: boolean): Record<string, string | null> {
  const found: Record<string, string | null> = { "data.tokens": isData ? null : DEFAULT_TOKENS };
  for (const [key, text] of Object.entries(USUAL)) {
    found[key] = isData ? text : null;
  }
  return found;
}

/** Shows the knobs of the way that the job, or its files, say how long the run is. */
export function showDataMode(
  state: State,
  settings: ReadonlyMap<string, EstimateSetting>,
): void {
  const isFile = settings.get("data.examples")?.value != null;
  const isData = "data.examples" in state.job || (isFile && !("data.tokens" in state.job));
  byId("token-knobs").hidden = isData;
  byId("example-knobs").hidden = !isData;
  for (const radio of radios()) {
    radio.checked = (radio.value === "examples") === isData;
  }
}

function radios(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>("input[name=data-as]")];
}
