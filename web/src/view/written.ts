import type { Files } from "../generated/answers.ts";
import { byId, element, nothing, replace } from "../dom.ts";
import { labelOf } from "../knob/table.ts";
import { lines } from "../sentence.ts";

/** The files of the job for a framework or launcher, to copy or download. */
export class WrittenView {
  empty(why: string): void {
    replace(byId("written"), nothing(why));
  }

  show(written: Files): void {
    const notes = lines(written.notices, labelOf).map((text) => element("li", {}, text));
    replace(
      byId("written"),
      ...written.files.map(fileOf),
      notes.length === 0 ? null : element("ul", { class: "note" }, ...notes),
    );
  }
}

function fileOf(file: { path: string; text: string }): HTMLElement {
  const copy = element(
    "button",
    {
      attributes: { type: "button", "data-key": `copy-${file.path}` },
      on: { click: () => void copyText(file.text, copy) },
    },
    "Copy",
  );
  const download = element(
    "button",
    {
      attributes: { type: "button", "data-key": `download-${file.path}` },
      on: { click: () => save(file) },
    },
    "Download",
  );
  const head = element("figcaption", {}, element("code", {}, file.path), copy, download);
  const text = element(
    "pre",
    { attributes: { tabindex: "0", "aria-label": file.path } },
    element("code", {}, file.text),
  );
  return element("figure", { class: "file" }, head, text);
}

async function copyText(text: string, button: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "This browser forbids copying: use Download";
  }
  setTimeout(() => (button.textContent = "Copy"), 2000);
}

function save(file: { path: string; text: string }): void {
  const url = URL.createObjectURL(new Blob([file.text], { type: "text/plain" }));
  const name = file.path.split("/").pop() ?? file.path;
  element("a", { attributes: { href: url, download: name } }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
