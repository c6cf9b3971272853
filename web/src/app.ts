import type { Cost, Estimate, Fit, Lint } from "./generated/answers.ts";
import type { EstimateSetting, Files, Plan } from "./generated/answers.ts";
import * as bodies from "./api/bodies.ts";
import { get, type Problem } from "./api/client.ts";
import { type Asked, Lane } from "./api/lane.ts";
import { Question, type WithoutFigures, wordsOf } from "./api/question.ts";
import { busy, byId } from "./dom.ts";
import { Comparison } from "./compare.ts";
import { setUpJumps } from "./jumps.ts";
import { sequencesOfStep } from "./knob/origin.ts";
import { Panel } from "./knob/panel.ts";
import { type Attachment, EXAMPLE, hasModel, type State } from "./state/state.ts";
import { Store } from "./state/store.ts";
import { forgetColors } from "./chart/setup.ts";
import { setUpTerms, showTerms } from "./terms.ts";
import { setUpTheme } from "./theme.ts";
import { setUpDrop } from "./drop.ts";
import { type Apply, AdviceView } from "./view/advice.ts";
import { asking, shown } from "./view/asking.ts";
import { showFiles, showFindings } from "./view/files.ts";
import { MarketView } from "./view/market.ts";
import { Messages, modelFacts, showAssumptions } from "./view/messages.ts";
import { PlanView } from "./view/plan.ts";
import { StepView } from "./view/step.ts";
import { VerdictView } from "./view/verdict.ts";
import { WrittenView } from "./view/written.ts";

/** Marks the time from a change to the redrawn charts, for tests and the curious. */
const CHANGED = "vramcast changed";
const UPDATED = "vramcast updated";

/** Turns of a knob within this time are one question. */
const DEBOUNCE_MILLIS = 8;

/** How long knobs are left alone before what takes longer is asked. */
const QUIET_MILLIS = 500;

/** Puts the parts of the page together: every change asks anew, and every answer is shown. */
export class App {
  readonly #store = new Store(EXAMPLE);
  readonly #apply: Apply = (changes) => this.#store.setJob(changes);
  readonly #panel = new Panel((key, text) => this.#apply({ [key]: text }));
  readonly #messages = new Messages();
  readonly #verdict = new VerdictView();
  readonly #step = new StepView();
  readonly #advice = new AdviceView(this.#apply);
  readonly #market = new MarketView(this.#apply);
  readonly #plan = new PlanView(this.#apply);
  readonly #written = new WrittenView();
  readonly #compare = new Comparison(this.#store);
  #estimate: Estimate | null = null;
  #settings: ReadonlyMap<string, EstimateSetting> = new Map();
  #files: readonly Attachment[] = [];
  #fileKeys: ReadonlySet<string> = new Set();

  readonly #askLint = new Question<"lint", Lint>("lint", {
    answered: (lint) => this.#linted(lint),
    withoutFigures: () => this.#notLinted(),
    failed: () => this.#notLinted(),
  });
  readonly #askEstimate = new Question<"estimate", Estimate>("estimate", {
    waiting: () => busy("answer", true),
    answered: (estimate) => shown("answer", () => this.#estimated(estimate)),
    withoutFigures: (verdict) => shown("answer", () => this.#withoutFigures(verdict)),
    failed: (problem) => shown("answer", () => this.#notEstimated(problem)),
  });
  readonly #askFit = asking<"fit", Fit>("fit", "advice", this.#advice);
  readonly #askCost = asking<"cost", Cost>("cost", "market", this.#market);
  readonly #askPlan = asking<"plan", Plan>("plan", "plan", this.#plan);
  readonly #askWrite = asking<"write", Files>("write", "written", this.#written);

  readonly #fast = new Lane(DEBOUNCE_MILLIS);
  readonly #slow = new Lane(QUIET_MILLIS);

  async start(): Promise<void> {
    setUpTheme(() => this.#redraw());
    setUpTerms(this.#store);
    setUpJumps();
    setUpDrop(this.#store, (refused) => this.#messages.refused(refused));
    this.#store.onChange(() => this.#changed());
    this.#store.onAddress(() => this.#messages.address(this.#store));
    if (location.hash.length > 1) {
      await this.#store.load();
    } else {
      this.#store.set(EXAMPLE, "");
    }
    const { gpus } = await get("gpus", {});
    this.#panel.gpus(gpus);
    this.#panel.show(this.#store.state, this.#settings);
  }

  #changed(): void {
    performance.clearMarks(CHANGED);
    performance.mark(CHANGED);
    const state = this.#store.state;
    this.#panel.show(state, this.#settings);
    showTerms(state);
    this.#compare.changed(state);
    this.#messages.address(this.#store);
    showFiles(state, (file) => this.#remove(file));
    if (state.files !== this.#files) {
      this.#readFiles(state);
    } else {
      this.#ask();
    }
  }

  /** What a file sets decides what else is asked, so lint comes first. */
  #readFiles(state: State): void {
    busy("answer", true);
    this.#files = state.files;
    this.#fileKeys = new Set();
    if (state.files.length === 0) {
      this.#askLint.drop();
      showFindings(null);
      this.#ask();
    } else {
      void this.#askLint.ask(bodies.lintBody(state.files));
    }
  }

  #linted(lint: Lint): void {
    this.#fileKeys = new Set(Object.keys(lint.job));
    showFindings(lint);
    this.#ask();
  }

  /** It may be a job document, whose own data its first estimate shows. */
  #notLinted(): void {
    showFindings(null);
    this.#fileKeys = new Set([bodies.TOKENS]);
    this.#ask();
  }

  #ask(): void {
    const state = this.#store.state;
    if (hasModel(state)) {
      this.#fast.ask([this.#askEstimate.with(bodies.estimateBody(state, this.#fileKeys))]);
      if (this.#estimate !== null) {
        this.#askMore(this.#estimate);
      }
    } else {
      this.#nothing("Choose a model, or drop its config.json or a training file.");
    }
  }

  #estimated(estimate: Estimate): void {
    if (bodies.saysNoTokens(estimate.settings) && this.#fileKeys.has(bodies.TOKENS)) {
      this.#fileKeys = new Set();
      this.#ask();
    }
    this.#estimate = estimate;
    this.#panel.mark(null);
    this.#settings = new Map(estimate.settings.map((setting) => [setting.key, setting]));
    this.#verdict.show(estimate);
    this.#step.show(estimate);
    this.#compare.mine(estimate);
    performance.measure(UPDATED, CHANGED);
    this.#messages.estimated(estimate);
    this.#panel.show(this.#store.state, this.#settings);
    modelFacts(estimate);
    showAssumptions(estimate.assumptions);
    byId("answer").classList.remove("is-stale");
    this.#askMore(estimate);
  }

  /** Slow questions, once it is known that the job can be estimated. */
  #askMore(estimate: Estimate): void {
    const state = this.#store.state;
    const keys = this.#fileKeys;
    const questions: Asked[] = [
      this.#askWrite.with(bodies.writeBody(state, keys)),
      this.#askCost.with(bodies.costBody(state, keys)),
      this.#askPlan.with(bodies.planBody(state, keys, sequencesOfStep(state, this.#settings))),
    ];
    if (estimate.gpu == null) {
      this.#askFit.drop();
      this.#advice.empty("Choose a GPU to see what would make the job fit it.");
    } else {
      questions.unshift(this.#askFit.with(bodies.jobBody(state, keys)));
    }
    this.#slow.ask(questions);
  }

  #notEstimated(problem: Problem): void {
    this.#messages.failed(problem);
    this.#panel.mark(problem.field);
    this.#dropMore();
    byId("answer").classList.toggle("is-stale", this.#estimate !== null);
    if (this.#estimate === null) {
      this.#nothing("There is no estimate, for the reason above.");
    }
  }

  #withoutFigures(verdict: WithoutFigures): void {
    this.#panel.mark(null);
    this.#forget(wordsOf(verdict));
    this.#messages.withoutFigures(verdict);
    this.#verdict.withoutFigures(verdict);
    byId("answer").classList.remove("is-stale");
  }

  #nothing(why: string): void {
    this.#fast.stop();
    this.#askEstimate.drop();
    busy("answer", false);
    this.#forget(why);
    this.#messages.nothing(why);
  }

  /** No view has anything to show. */
  #forget(why: string): void {
    this.#dropMore();
    this.#estimate = null;
    this.#compare.mine(null);
    this.#settings = new Map();
    this.#panel.show(this.#store.state, this.#settings);
    for (const view of [this.#advice, this.#market, this.#plan, this.#written]) {
      view.empty(why);
    }
  }

  #dropMore(): void {
    this.#slow.stop();
    for (const question of [this.#askFit, this.#askCost, this.#askPlan, this.#askWrite]) {
      question.drop();
    }
    ["advice", "market", "plan", "written"].forEach((place) => busy(place, false));
  }

  #remove(file: Attachment): void {
    const state = this.#store.state;
    const files = state.files.filter((other) => other !== file);
    const config = state.config === file ? null : state.config;
    this.#store.set(
      { ...state, config, files: files.length === state.files.length ? state.files : files },
      "files",
    );
  }

  #redraw(): void {
    forgetColors();
    if (this.#estimate !== null) {
      this.#verdict.show(this.#estimate);
      this.#step.redraw();
      this.#plan.redraw();
    }
  }
}
