import { element } from "../dom.ts";
import { grouped } from "../format.ts";
import { fill } from "../typing.ts";
import { type Control, meaning, type Turned } from "./choice.ts";
import { NO_PART } from "./origin.ts";
import type { NumberKnob } from "./table.ts";

/** A slider over the usual values, and a field for any other. */
export function numberControl(knob: NumberKnob, turned: Turned): Control {
  const id = `knob-${knob.key}`;
  const field = element("input", {
    class: "number",
    attributes: { id, type: "text", inputmode: "numeric", autocomplete: "off" },
    on: {
      change: () => turned(knob.key, plain(field.value)),
      focus: () => field.select(),
    },
  });
  const slider = element("input", {
    attributes: {
      type: "range",
      min: "0",
      max: String(knob.stops.length - 1),
      step: "1",
      "aria-label": `${knob.label}, usual values`,
    },
    on: { input: () => turned(knob.key, String(knob.stops[Number(slider.value)])) },
  });
  const origin = element("span", { class: "origin", attributes: { id: `${id}-origin` } });
  field.setAttribute("aria-describedby", origin.id);
  const label = element("label", { attributes: { for: id, title: meaning(knob.key) } }, knob.label);
  if (knob.unit !== "") {
    label.append(" ", element("span", { class: "unit" }, knob.unit));
  }
  return {
    node: element("div", { class: "knob has-slider" }, label, field, slider, origin),
    show(value) {
      const number = Number(value.text);
      const isNumber = value.text !== "" && Number.isFinite(number);
      const text = isNumber ? grouped(number, decimals(number)) : value.text;
      fill(field, value.isSetHere ? text : "");
      field.placeholder = text;
      origin.textContent = value.isSetHere ? "" : value.origin;
      slider.value = "0";
      if (isNumber) {
        slider.value = String(nearest(knob.stops, number));
        slider.setAttribute("aria-valuetext", `${text} ${knob.unit}`.trim());
      }
      const hasNoPart = value.origin === NO_PART;
      field.disabled = hasNoPart;
      slider.disabled = hasNoPart;
      slider.classList.toggle("is-open", !value.isSetHere);
    },
  };
}

/** The place of the stop that is nearest in ratio. */
export function nearest(stops: readonly number[], value: number): number {
  const distance = (stop: number) => Math.abs(Math.log(stop / Math.max(value, 1e-9)));
  return stops.reduce(
    (best, stop, at) => (distance(stop) < distance(stops[best] as number) ? at : best),
    0,
  );
}

/** A number as it was typed, with separators between thousands, as a job has it. */
export function plain(text: string): string {
  return text.replaceAll(/[,\s_]/g, "");
}

function decimals(number: number): number {
  return Number.isInteger(number) ? 0 : 2;
}
