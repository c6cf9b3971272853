package dev.vramcast.answers.memory;

import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.run.episode.Episode;

/** When a rank holds most, in words. */
public final class PeakText implements Episode.Visitor {

  private final RankEstimate rank;
  private String words = "";

  private PeakText(RankEstimate rank) {
    this.rank = rank;
  }

  /** The episode that decides, and the phase of it, e.g. {@code in the step, 'forward, layers'}. */
  public static String of(RankEstimate rank) {
    PeakText text = new PeakText(rank);
    rank.peakEpisode().accept(text);
    return text.words;
  }

  @Override
  public void load(Episode.Load load) {
    words = "while the model loads, which takes more than a step";
  }

  @Override
  public void generation(Episode.Generation generation) {
    words = "while completions are generated, which takes more than a step";
  }

  @Override
  public void scoring(Episode.Scoring scoring) {
    words =
        scoring.repeats()
            ? "while completions are scored, which takes more than a step"
            : "while the reference is computed, before training";
  }

  @Override
  public void evaluation(Episode.Evaluation evaluation) {
    words = "in an evaluation, which takes more than a step";
  }

  @Override
  public void step(Episode.Step step) {
    words = "in the step, '" + rank.peakPhase().label() + "'";
  }

  @Override
  public void valueStep(Episode.ValueStep step) {
    words = "in the value model's step, '" + rank.peakPhase().label() + "'";
  }
}
