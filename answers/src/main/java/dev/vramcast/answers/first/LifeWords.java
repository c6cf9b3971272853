package dev.vramcast.answers.first;

import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.life.Life.Shortage;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.run.episode.Episode;

/** What a first sentence says of other parts of a run than its steps. */
final class LifeWords implements Episode.Visitor {

  private String decides = "";

  private LifeWords() {}

  /**
   * The sentence, which names what decides where that is not the step, as in {@code its evaluation,
   * not its step, needs}.
   */
  static String naming(RankEstimate worst, String sentence) {
    LifeWords words = new LifeWords();
    worst.peakEpisode().accept(words);
    if (words.decides.isEmpty()) {
      return sentence;
    }
    String named = ": " + words.decides + ", not its step, needs ";
    return sentence.contains(PlainSentence.NEEDS)
        ? sentence.replace(PlainSentence.NEEDS, named)
        : sentence.substring(0, sentence.length() - 1)
            + ", for "
            + words.decides
            + " and not for its step.";
  }

  /**
   * What is too little, and for what.
   *
   * @param subject e.g. {@code QLoRA of llama-3.1-8b}
   * @param where the card, e.g. {@code one RTX 4090}
   */
  static String shortage(Shortage shortage, String subject, String where) {
    String what =
        switch (shortage.resource()) {
          case GPU -> where;
          case HOST -> "the memory of its machine";
          case DISK -> "the disk of its machine";
        };
    return subject
        + " does not fit "
        + what
        + ": to "
        + shortage.episode()
        + " takes "
        + Gib.card(shortage.neededBytes())
        + ", of which there are "
        + Gib.card(shortage.availableBytes())
        + ".";
  }

  @Override
  public void load(Episode.Load load) {
    decides = "loading";
  }

  @Override
  public void generation(Episode.Generation generation) {
    decides = "its generation";
  }

  @Override
  public void scoring(Episode.Scoring scoring) {
    decides = scoring.repeats() ? "scoring" : "computing its reference";
  }

  @Override
  public void evaluation(Episode.Evaluation evaluation) {
    decides = "its evaluation";
  }

  @Override
  public void step(Episode.Step step) {
    decides = "";
  }

  @Override
  public void valueStep(Episode.ValueStep step) {
    decides = "the step of its value model";
  }
}
