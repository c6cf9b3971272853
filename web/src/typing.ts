/** Fields that hold what somebody types and has not entered. */
const typed = new WeakSet<EventTarget>();

/** Listens to all fields of the page, before those who show what changes. */
export function watchTyping(): void {
  listen("input", (field) => typed.add(field));
  listen("change", entered);
  // What was typed back to what it was is left without a change.
  listen("focusout", entered);
}

function listen(type: string, told: (field: EventTarget) => void): void {
  const listener = ({ target }: Event) => target !== null && told(target);
  document.addEventListener(type, listener, { capture: true });
}

/** What a field holds is taken, or given up. */
export function entered(field: EventTarget): void {
  typed.delete(field);
}

/** Shows a text in a field, but never in place of what is being typed there. */
export function fill(field: HTMLInputElement, text: string): void {
  if (!typed.has(field) && field.value !== text) {
    field.value = text;
  }
}
