import { byId } from "./dom.ts";
import type { Store } from "./state/store.ts";
import { pastedName, readFiles } from "./state/files.ts";

/** Takes files that are dropped anywhere, chosen, or pasted as text. */
export function setUpDrop(store: Store, refuse: (sentences: readonly string[]) => void): void {
  const take = async (files: readonly File[]) => {
    const dropped = await readFiles(files);
    refuse(dropped.refused);
    if (dropped.files.length === 0 && dropped.config === null) {
      return;
    }
    const state = store.state;
    const takesFiles = dropped.files.length > 0;
    store.set(
      {
        ...state,
        // What a training file says would not show under knobs that were turned for another job.
        job: takesFiles ? pick(state.job, "hardware.gpu") : without(state.job, "model.id"),
        files: takesFiles ? dropped.files : state.files,
        config: dropped.config ?? (takesFiles ? null : state.config),
      },
      "files",
    );
  };
  setUpDragging((files) => void take(files));
  const input = byId<HTMLInputElement>("file-input");
  input.addEventListener("change", () => {
    void take([...(input.files ?? [])]);
    input.value = "";
  });
  setUpPaste((text) => void take([new File([text], pastedName(text))]));
}

function setUpDragging(take: (files: readonly File[]) => void): void {
  const isFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  const mark = (isOver: boolean) => document.body.classList.toggle("is-dropping", isOver);
  document.addEventListener("dragover", (event) => {
    if (isFiles(event)) {
      event.preventDefault();
      mark(true);
    }
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) {
      mark(false);
    }
  });
  document.addEventListener("drop", (event) => {
    mark(false);
    if (isFiles(event)) {
      event.preventDefault();
      take([...(event.dataTransfer?.files ?? [])]);
    }
  });
}

function setUpPaste(take: (text: string) => void): void {
  const open = byId("paste-open");
  const area = byId<HTMLTextAreaElement>("paste-text");
  const show = (isShown: boolean) => {
    byId("paste").hidden = !isShown;
    open.setAttribute("aria-expanded", String(isShown));
  };
  open.addEventListener("click", () => {
    show(byId("paste").hidden === true);
    area.focus();
  });
  byId("paste-take").addEventListener("click", () => {
    if (area.value.trim() !== "") {
      take(area.value);
      area.value = "";
      show(false);
      open.focus();
    }
  });
}

function pick(job: Readonly<Record<string, string>>, key: string): Record<string, string> {
  const text = job[key];
  return text === undefined ? {} : { [key]: text };
}

function without(job: Readonly<Record<string, string>>, key: string): Record<string, string> {
  const { [key]: _, ...rest } = job;
  return rest;
}
