import type { Body } from "./bodies.ts";
import type { AnyQuestion } from "./question.ts";

/** A question with what is asked. */
export type Asked = readonly [AnyQuestion, Body];

/**
 * Asks questions when no more have come for a while: each when the one before is answered, so that
 * a server with few cores is never busy with more than one of them.
 */
export class Lane {
  readonly #quietMillis: number;
  #timer = 0;
  #round = 0;

  constructor(quietMillis: number) {
    this.#quietMillis = quietMillis;
  }

  /** Takes the place of all that was asked before; what is asked again goes on. */
  ask(questions: readonly Asked[]): void {
    window.clearTimeout(this.#timer);
    const round = ++this.#round;
    questions.forEach(([question, body]) => question.expect(body));
    this.#timer = window.setTimeout(() => void this.#run(questions, round), this.#quietMillis);
  }

  /** Nothing is to be asked any more. */
  stop(): void {
    window.clearTimeout(this.#timer);
    this.#round++;
  }

  async #run(questions: readonly Asked[], round: number): Promise<void> {
    for (const [question, body] of questions) {
      if (round !== this.#round) {
        return;
      }
      await question.ask(body);
    }
  }
}
