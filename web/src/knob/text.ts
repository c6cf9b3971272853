import { element } from "../dom.ts";
import { fill } from "../typing.ts";
import { type Control, meaning, type Turned } from "./choice.ts";
import { NO_PART } from "./origin.ts";
import type { TextKnob } from "./table.ts";

/** A field for any text, which shows what holds without it. */
export function textControl(knob: TextKnob, turned: Turned): Control {
  const id = `knob-${knob.key}`;
  const field = element("input", {
    attributes: { id, type: "text", autocomplete: "off", spellcheck: "false" },
    on: { change: () => turned(knob.key, field.value.trim()) },
  });
  const origin = element("span", { class: "origin", attributes: { id: `${id}-origin` } });
  field.setAttribute("aria-describedby", origin.id);
  const label = element("label", { attributes: { for: id, title: meaning(knob.key) } }, knob.label);
  return {
    node: element("div", { class: "knob" }, label, field, origin),
    show(value) {
      fill(field, value.isSetHere ? value.text : "");
      field.placeholder = value.text;
      origin.textContent = value.origin === NO_PART ? "" : value.origin;
    },
  };
}
