import type { Lint } from "../generated/answers.ts";
import { byId, element, replace } from "../dom.ts";
import { labelOf } from "../knob/table.ts";
import { words } from "../sentence.ts";
import type { Attachment, State } from "../state/state.ts";

/** Lists what was dropped, each with a button that takes it out. */
export function showFiles(state: State, remove: (file: Attachment) => void): void {
  const all = state.config === null ? state.files : [...state.files, state.config];
  const items = all.map((file) =>
    element(
      "li",
      {},
      element("code", {}, file.name),
      element(
        "button",
        {
          attributes: { type: "button", "aria-label": `Take out ${file.name}` },
          on: { click: () => remove(file) },
        },
        "×",
      ),
    ),
  );
  replace(byId("file-list"), ...items);
}

/** What lint found in the training files, if they are such. */
export function showFindings(lint: Lint | null): void {
  byId("lint-section").hidden = lint === null;
  const items = (lint?.findings ?? []).map((finding) =>
    element(
      "li",
      { attributes: { "data-severity": finding.severity } },
      element("b", {}, finding.severity),
      finding.line === null ? " " : ` line ${finding.line}: `,
      words(finding.sentence, labelOf),
    ),
  );
  const list = element("ul", { class: "findings" }, ...items);
  const none = element("p", {}, `There is nothing to change in this file of ${lint?.format}.`);
  replace(byId("findings"), items.length === 0 ? none : list);
}
