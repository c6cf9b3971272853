const KEY = "vramcast-theme";

/** Light, dark, or as the system has it; kept in the browser, and no part of a link. */
export function setUpTheme(changed: () => void): void {
  const choices = [...document.querySelectorAll<HTMLInputElement>("input[name=theme]")];
  const apply = (theme: string) => {
    document.documentElement.dataset["theme"] = theme;
    changed();
  };
  const kept = stored();
  for (const choice of choices) {
    choice.checked = choice.value === kept;
    choice.addEventListener("change", () => {
      store(choice.value);
      apply(choice.value);
    });
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  apply(kept);
}

// A browser may forbid storage altogether; the page then forgets the choice.
function stored(): string {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === "light" || theme === "dark" ? theme : "";
  } catch {
    return "";
  }
}

function store(theme: string): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    return;
  }
}
