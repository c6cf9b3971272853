import { element } from "../dom.ts";
import { KEYS } from "../generated/keys.ts";
import type { Effective } from "./origin.ts";
import type { ChoiceKnob } from "./table.ts";

/** A control for one key of the job. */
export interface Control {
  readonly node: HTMLElement;
  show(value: Effective): void;
}

/** Told of a new text, empty where the knob is to be left to the defaults again. */
export type Turned = (key: string, text: string) => void;

/** A list to choose from, whose first entry leaves the setting open. */
export function choiceControl(knob: ChoiceKnob, turned: Turned): Control {
  const id = `knob-${knob.key}`;
  const select = element("select", {
    attributes: { id },
    on: { change: () => turned(knob.key, select.value) },
  });
  const open = element("option", { attributes: { value: "" } });
  select.append(open, ...knob.options.map((option) => element("option", {}, option)));
  const label = element("label", { attributes: { for: id, title: meaning(knob.key) } }, knob.label);
  return {
    node: element("div", { class: "knob" }, label, select),
    show(value) {
      showChoice(select, open, value);
    },
  };
}

/** What a key of the job is. */
export function meaning(key: string): string {
  return KEYS.get(key)?.description ?? "";
}

/** Shows a value in a list, also one that the list does not have. */
export function showChoice(
  select: HTMLSelectElement,
  open: HTMLOptionElement,
  value: Effective,
): void {
  select.querySelector("option[data-foreign]")?.remove();
  open.textContent = value.isSetHere
    ? "leave it open"
    : value.text === ""
      ? value.origin || "left open"
      : `${value.text} (${value.origin})`;
  const wanted = value.isSetHere ? value.text : "";
  if (![...select.options].some((option) => option.value === wanted)) {
    const foreign = element("option", { attributes: { "data-foreign": "" } }, wanted);
    select.append(foreign);
  }
  select.value = wanted;
  select.classList.toggle("is-open", !value.isSetHere);
}
