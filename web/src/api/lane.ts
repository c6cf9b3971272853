/** A question with what is asked. */
export interface Asked {
  readonly expect: () => void;
  readonly ask: () => Promise<void>;
}

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
    questions.forEach((question) => question.expect());
    this.#timer = window.setTimeout(() => void this.#run(questions, round), this.#quietMillis);
  }

  /** Nothing is to be asked any more. */
  stop(): void {
    window.clearTimeout(this.#timer);
    this.#round++;
  }

  async #run(questions: readonly Asked[], round: number): Promise<void> {
    for (const question of questions) {
      if (round !== this.#round) {
        return;
      }
      await question.ask();
    }
  }
}
