import type { ModelsEntry } from "../generated/answers.ts";
import { get } from "../api/client.ts";
import { byId, element } from "../dom.ts";
import { parameters } from "../format.ts";
import { entered, fill } from "../typing.ts";
import type { Control, Turned } from "./choice.ts";

const KEY = "model.id";
const MOST_SHOWN = 12;

/**
 * The model: what is typed is looked up in the catalogue, and may be any Hub id. A combobox as the
 * ARIA practices have it: arrows move, Enter takes, Escape closes.
 */
export class ModelControl implements Control {
  readonly node: HTMLElement;
  readonly #field: HTMLInputElement;
  readonly #list: HTMLElement;
  readonly #turned: Turned;
  #models: readonly ModelsEntry[] = [];
  #active = -1;
  #search: AbortController | null = null;

  constructor(turned: Turned) {
    this.#turned = turned;
    this.node = byId("model-knob");
    this.#field = byId<HTMLInputElement>("knob-model.id");
    this.#list = byId("model-list");
    this.#field.addEventListener("input", () => {
      this.#choose(-1);
      void this.#look();
    });
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#field.addEventListener("change", () => this.#take(this.#field.value.trim()));
    this.#field.addEventListener("blur", () => this.#close());
    this.#field.addEventListener("focus", () => this.#field.select());
  }

  show(value: { text: string; isSetHere: boolean }): void {
    fill(this.#field, value.isSetHere ? value.text : "");
    this.#field.placeholder = value.text === "" ? "llama-3.1-8b, or a Hub id" : value.text;
  }

  async #look(): Promise<void> {
    this.#search?.abort();
    this.#search = new AbortController();
    const { signal } = this.#search;
    try {
      const search = this.#field.value.trim();
      const found = await get("models", { search }, signal);
      this.#open(found.models);
    } catch {
      // A list that does not come leaves a field that takes every name.
      if (!signal.aborted) {
        this.#close();
      }
    }
  }

  #open(found: readonly ModelsEntry[]): void {
    const chosen = this.#models[this.#active];
    this.#models = found.slice(0, MOST_SHOWN);
    const options = this.#models.map((model, at) => this.#option(model, at));
    const more = found.length - this.#models.length;
    this.#list.replaceChildren(...options);
    this.#list.dataset["more"] = more > 0 ? `${more} more: type on` : "";
    this.#list.hidden = options.length === 0;
    this.#field.setAttribute("aria-expanded", String(options.length > 0));
    // An arrow may be pressed while the list of what was typed is on its way.
    const at = this.#models.findIndex((model) => model.name === chosen?.name);
    this.#choose(chosen && at < 0 && options.length > 0 ? 0 : at);
  }

  #option(model: ModelsEntry, at: number): HTMLElement {
    const active =
      model.active_parameters === model.parameters
        ? ""
        : `, ${parameters(model.active_parameters)} active`;
    return element(
      "li",
      {
        attributes: { id: `model-option-${at}`, role: "option", "aria-selected": "false" },
        on: {
          mousedown: (event) => {
            event.preventDefault();
            this.#take(model.name);
          },
        },
      },
      element("span", {}, model.name),
      element("span", { class: "unit" }, parameters(model.parameters) + active),
    );
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.#list.hidden) {
        void this.#look();
      } else {
        this.#move(event.key === "ArrowDown" ? 1 : -1);
      }
    } else if (event.key === "Enter") {
      this.#take(this.#models[this.#active]?.name ?? this.#field.value.trim());
    } else if (event.key === "Escape") {
      this.#close();
    }
  }

  #move(by: number): void {
    const count = this.#models.length;
    this.#choose(this.#active < 0 && by < 0 ? count - 1 : (this.#active + by + count) % count);
    this.#list.children[this.#active]?.scrollIntoView({ block: "nearest" });
  }

  /** Marks an option of the list, or none: -1. */
  #choose(active: number): void {
    this.#active = active;
    for (const [at, option] of [...this.#list.children].entries()) {
      option.setAttribute("aria-selected", String(at === active));
    }
    if (active < 0) {
      this.#field.removeAttribute("aria-activedescendant");
    } else {
      this.#field.setAttribute("aria-activedescendant", `model-option-${active}`);
    }
  }

  #take(name: string): void {
    this.#close();
    entered(this.#field);
    this.#field.value = name;
    this.#turned(KEY, name);
  }

  #close(): void {
    this.#search?.abort();
    this.#models = [];
    this.#choose(-1);
    this.#list.hidden = true;
    this.#field.setAttribute("aria-expanded", "false");
  }
}
