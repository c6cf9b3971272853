type Child = Node | string | null | undefined;

/** Attributes, properties and listeners of a new element. */
export interface Properties {
  readonly class?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
}

/** A new element. Strings become text, never markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  if (properties.class !== undefined) {
    node.className = properties.class;
  }
  for (const [name, text] of Object.entries(properties.attributes ?? {})) {
    node.setAttribute(name, text);
  }
  for (const [name, listener] of Object.entries(properties.on ?? {})) {
    node.addEventListener(name, listener);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** The element of the page with an id; the page is wrong without it. */
export function byId<Node extends HTMLElement = HTMLElement>(id: string): Node {
  const node = document.getElementById(id);
  if (node === null) {
    throw new Error(`no element #${id}`);
  }
  return node as Node;
}

/** Puts new children into a place; what has the focus by its data-key keeps it. */
export function replace(place: HTMLElement, ...children: Child[]): void {
  const focused = document.activeElement;
  const key =
    focused instanceof HTMLElement && place.contains(focused) ? focused.dataset["key"] : undefined;
  place.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
  if (key !== undefined) {
    place.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
  }
}

/** A sentence in place of a view that has nothing to show. */
export function nothing(why: string): HTMLElement {
  return element("p", { class: "nothing" }, why);
}

/** Square of the colour of a category. */
export function swatch(name: string): HTMLElement {
  return element("span", { class: `swatch of-${name}`, attributes: { "aria-hidden": "true" } });
}

/** Says that the content of a place is being made, or is there. */
export function busy(place: string, isBusy: boolean): void {
  byId(place).setAttribute("aria-busy", String(isBusy));
}
