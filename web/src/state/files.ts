import type { Attachment } from "./state.ts";

/** Largest file that is taken, as the server has it, in bytes. */
const MOST_BYTES = 1 << 20;

/** What came of files that were dropped. */
export interface Dropped {
  readonly files: readonly Attachment[];
  readonly config: Attachment | null;
  /** Files that were not taken, each with the reason in a sentence. */
  readonly refused: readonly string[];
}

/** Reads files and tells a model's config.json from training files. */
export async function readFiles(files: readonly File[]): Promise<Dropped> {
  const taken: Attachment[] = [];
  let config: Attachment | null = null;
  const refused: string[] = [];
  for (const file of files) {
    if (file.size > MOST_BYTES) {
      refused.push(`${file.name} holds more than 1 MiB and was not taken.`);
      continue;
    }
    const text = await file.text();
    if (text.includes("\u0000")) {
      refused.push(`${file.name} is no text and was not taken.`);
    } else if (isModelConfig(text)) {
      config = { name: file.name, text };
    } else {
      taken.push({ name: file.name, text });
    }
  }
  return { files: taken, config, refused };
}

/** Whether a text is the config.json of a model, which names its type or architecture. */
export function isModelConfig(text: string): boolean {
  try {
    const document: unknown = JSON.parse(text);
    return (
      document !== null &&
      typeof document === "object" &&
      ("model_type" in document || "architectures" in document)
    );
  } catch {
    return false;
  }
}

/** The name that a pasted text gets, by which its format is known. */
export function pastedName(text: string): string {
  const start = text.trimStart();
  if (start.startsWith("{")) {
    return isModelConfig(text) ? "config.json" : "pasted.json";
  }
  if (start.startsWith("#!") || /^\s*(swift|accelerate|torchrun|deepspeed|python)\b/m.test(text)) {
    return "pasted.sh";
  }
  return /^\s*(import|from) \w+/m.test(text) ? "pasted.py" : "pasted.yaml";
}
