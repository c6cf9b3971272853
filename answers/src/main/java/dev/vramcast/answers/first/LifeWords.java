package dev.vramcast.answers.first;

import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.life.Life.DiskShare;
import dev.vramcast.core.life.Life.Resource;
import dev.vramcast.core.life.Life.Shortage;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.run.episode.Episode;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What a first sentence says of other parts of a run than its steps. */
public final class LifeWords implements Episode.Visitor {

  private static final int PARTS = 3;

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
   * What machines have to have where something is offloaded to them; empty where nothing is, or no
   * more than their cards have, which few machines lack.
   */
  static String host(Outcome outcome) {
    Parallelism parallelism = outcome.resolution().job().parallelism();
    boolean known = outcome.resolution().job().machine().memoryBytes().isPresent();
    long card = outcome.card().map(Outcome.OnCard::usableBytes).orElse(outcome.neededBytes());
    long cards = parallelism.gpus() / parallelism.nodes() * card;
    return outcome
        .needs()
        .host()
        .filter(most -> most.hostBytes() > cards)
        .map(
            most ->
                (parallelism.nodes() == 1 ? " Its machine" : " Each machine")
                    + " needs "
                    + Gib.card(most.hostBytes())
                    + " of its own memory, to "
                    + verb(most.name())
                    + (known ? "." : "; whether it has that much is not said."))
        .orElse("");
  }

  /**
   * What is too little, and for what.
   *
   * @param subject e.g. {@code QLoRA of llama-3.1-8b}
   * @param where the card, e.g. {@code one RTX 4090}
   * @param told whether the job says what its machine has; else no machine for rent has as much
   */
  public static String shortage(Shortage shortage, String subject, String where, boolean told) {
    return subject + " does not fit " + lacking(shortage.resource(), where) + why(shortage, told);
  }

  /**
   * What is too little of a job with every value, or on every card, that was looked at.
   *
   * @param subject what would be trained, e.g. {@code QLoRA of llama-3.1-8b}
   * @param whatever what changes nothing, e.g. {@code whatever the card}
   */
  public static String onEach(FitCheck check, String subject, String whatever) {
    Shortage shortage = check.shortage().orElseThrow();
    return subject
        + " does not fit "
        + lacking(shortage.resource(), "its card")
        + " "
        + whatever
        + why(shortage, isTold(shortage, check.resolution().job()));
  }

  /** Whether the job says what its machine has; else no machine for rent has as much. */
  static boolean isTold(Shortage shortage, ResolvedJob job) {
    return shortage.resource() != Resource.HOST || job.machine().memoryBytes().isPresent();
  }

  private static String lacking(Resource resource, String card) {
    return switch (resource) {
      case GPU -> card;
      case HOST -> "the memory of its machine";
      case DISK -> "the disk of its machine";
    };
  }

  /** As {@code to merge}. */
  public static String when(Shortage shortage) {
    return "to " + verb(shortage.episode());
  }

  /** As {@code to merge takes 30.2 GiB}. */
  public static String takes(Shortage shortage) {
    return when(shortage) + " takes " + Gib.card(shortage.neededBytes());
  }

  private static String why(Shortage shortage, boolean told) {
    return ": "
        + takes(shortage)
        + (told
            ? ", of which there are "
            : ", and no machine that is known for rent has more than ")
        + Gib.card(shortage.availableBytes())
        + ".";
  }

  /**
   * What there is too little of, when, and what most of it is.
   *
   * @param disk what is on it; empty where it is large enough
   */
  static String decides(Shortage shortage, List<DiskShare> disk) {
    String parts =
        disk.stream()
            .sorted(Comparator.comparingLong(DiskShare::bytes).reversed())
            .limit(PARTS)
            .map(share -> share.what() + " " + Gib.text(share.bytes()))
            .collect(Collectors.joining(", "));
    String what =
        switch (shortage.resource()) {
          case GPU -> "The card";
          case HOST -> "The memory of its machine";
          case DISK -> "The disk of its machine";
        };
    return what
        + ", to "
        + verb(shortage.episode())
        + ": "
        + Gib.text(shortage.neededBytes())
        + " of "
        + Gib.text(shortage.availableBytes())
        + (parts.isEmpty() ? "" : ", of which " + parts)
        + ".";
  }

  /** For what something is too much, where that is not a card. */
  public static String room(Resource resource) {
    return switch (resource) {
      case GPU -> "";
      case HOST -> " for the memory of its machine";
      case DISK -> " for its disk";
    };
  }

  /** What is done in an episode, behind {@code to}. */
  private static String verb(String episode) {
    return switch (episode) {
      case "evaluation" -> "evaluate";
      case "generation" -> "generate";
      case "scoring" -> "score completions";
      case "precomputation" -> "compute its reference";
      case "step", "value step" -> "train";
      default -> episode;
    };
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
