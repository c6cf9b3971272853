import type { Estimate } from "../generated/answers.ts";
import { byId, element, replace } from "../dom.ts";
import { gib } from "../format.ts";
import { table } from "./advice.ts";

/** Parts of a run beside its steps, each with what it takes: of GRPO its cycle too. */
export function showLife(estimate: Estimate): void {
  const { episodes, host_bytes: host, disk_bytes: disk } = estimate.life;
  byId("life-section").hidden = episodes.length < 2;
  const most = Math.max(...episodes.map((episode) => episode.allocated_bytes));
  const rows = episodes.map((episode) =>
    element(
      "tr",
      {},
      element(
        "th",
        { attributes: { scope: "row" } },
        episode.episode,
        episode.allocated_bytes === most ? element("span", { class: "unit" }, "decides") : null,
      ),
      element("td", {}, gib(episode.allocated_bytes)),
      element("td", {}, gib(episode.host_bytes)),
      element("td", {}, gib(episode.disk_bytes)),
    ),
  );
  replace(
    byId("life"),
    table(["part of the run", "tensors on a GPU", "machine's memory", "disk at its end"], rows),
    element(
      "p",
      { class: "note" },
      `A machine has to have ${gib(host)} of memory and ${gib(disk)} of disk.`,
    ),
  );
}
