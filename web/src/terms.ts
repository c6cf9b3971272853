import { byId, element } from "./dom.ts";
import { FORMATS, METHODS } from "./generated/words.ts";
import { setUpData } from "./knob/data.ts";
import { labelOf } from "./knob/table.ts";
import type { PlanTerms, State } from "./state/state.ts";
import type { Store } from "./state/store.ts";
import { fill } from "./typing.ts";

/** Wires what the plan is asked, how the data are told, and the format of written files. */
export function setUpTerms(store: Store): void {
  for (const id of ["plan-terms", "job"]) {
    byId(id).addEventListener("submit", (event) => event.preventDefault());
  }
  for (const label of document.querySelectorAll<HTMLElement>("[data-field]")) {
    label.textContent = labelOf(label.dataset["field"] ?? "");
  }
  setUpData(store);
  byId("plan-methods").append(...METHODS.map(methodBox));
  const set = (plan: Partial<PlanTerms>, topic: string) =>
    store.set({ ...store.state, plan: { ...store.state.plan, ...plan } }, topic);
  const budget = byId<HTMLInputElement>("plan-budget");
  budget.addEventListener("change", () => set({ budget: budget.value.trim() }, "budget"));
  const deadline = byId<HTMLInputElement>("plan-deadline");
  deadline.addEventListener("change", () => set({ deadline: deadline.value.trim() }, "deadline"));
  const keep = byId<HTMLInputElement>("plan-keep");
  keep.addEventListener("change", () => set({ keep: keep.checked }, "keep"));
  for (const box of methodBoxes()) {
    box.addEventListener("change", () => set({ methods: checkedMethods() }, "methods"));
  }
  const to = byId<HTMLSelectElement>("written-to");
  to.append(...FORMATS.map((format) => element("option", {}, format)));
  to.addEventListener("change", () => store.set({ ...store.state, to: to.value }, "to"));
}

/** Shows the terms of a state in their controls. */
export function showTerms(state: State): void {
  fill(byId("plan-budget"), state.plan.budget);
  fill(byId("plan-deadline"), state.plan.deadline);
  byId<HTMLInputElement>("plan-keep").checked = state.plan.keep;
  const methods = state.plan.methods.split(",");
  for (const box of methodBoxes()) {
    box.checked = methods.includes(box.value);
  }
  byId<HTMLSelectElement>("written-to").value = state.to;
}

function methodBox(method: string): HTMLLabelElement {
  const attributes = { type: "checkbox", name: "methods", value: method };
  const box = element("input", { attributes });
  return element("label", {}, box, method);
}

function methodBoxes(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>("input[name=methods]")];
}

function checkedMethods(): string {
  return methodBoxes()
    .filter((box) => box.checked)
    .map((box) => box.value)
    .join(",");
}
