import type { GpusCard } from "../generated/answers.ts";
import { element } from "../dom.ts";
import { type Control, showChoice, type Turned } from "./choice.ts";

const KEY = "hardware.gpu";

/** The GPUs of the catalogue, by their memory. */
export function gpuControl(gpus: readonly GpusCard[], turned: Turned): Control {
  const select = element("select", {
    attributes: { id: `knob-${KEY}` },
    on: { change: () => turned(KEY, select.value) },
  });
  const open = element("option", { attributes: { value: "" } });
  select.append(open);
  for (const [gigabytes, group] of byMemory(gpus)) {
    const names = group.map((gpu) => element("option", {}, gpu.name));
    select.append(element("optgroup", { attributes: { label: `${gigabytes} GB` } }, ...names));
  }
  const label = element("label", { attributes: { for: select.id } }, "GPU");
  return {
    node: element("div", { class: "knob" }, label, select),
    show(value) {
      const name = gpus.find((gpu) => same(gpu.name, value.text))?.name ?? value.text;
      showChoice(select, open, { ...value, text: name });
    },
  };
}

/** Names of GPUs are compared as the catalogue does: by their letters and digits. */
function same(name: string, other: string): boolean {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return plain(name) === plain(other);
}

function byMemory(gpus: readonly GpusCard[]): [number, GpusCard[]][] {
  const groups = new Map<number, GpusCard[]>();
  for (const gpu of gpus) {
    const group = groups.get(gpu.marketed_gb) ?? [];
    groups.set(gpu.marketed_gb, [...group, gpu]);
  }
  return [...groups].sort(([one], [other]) => one - other);
}
