package dev.vramcast.core.plan.setting;

import dev.vramcast.core.job.option.Method;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a plan may choose where the job leaves it open.
 *
 * @param methods any of these, the preferred first; empty for the job's own
 * @param ranks of adapters, any of these; empty for the job's own
 * @param lengths of sequences, any of these; empty for the job's own
 * @param sequences of an optimizer step, at least; empty for what the job says, and where it says
 *     nothing {@link #USUAL_SEQUENCES}
 * @param kept sequences of a step of a job that states micro-batch and accumulation, but no number
 *     of GPUs: at least as many on any number of them, which may have to round up; empty to leave
 *     its batch as it is
 */
public record Choices(
    List<Method> methods,
    List<Integer> ranks,
    List<Integer> lengths,
    OptionalInt sequences,
    OptionalInt kept) {

  /**
   * Sequences of an optimizer step where nobody says: the batch of QLoRA's models up to 65B
   * (Dettmers et al., QLoRA, 2023, table 9).
   */
  public static final int USUAL_SEQUENCES = 16;

  /** More sequences than any step sees, few enough to be divided in no time. */
  public static final int MOST_SEQUENCES = 1_000_000;

  /** Any of these methods, and otherwise what the job says. */
  public Choices(List<Method> methods, OptionalInt sequences) {
    this(methods, List.of(), List.of(), sequences, OptionalInt.empty());
  }

  /** The same with a step that sees at least so many sequences on any number of GPUs. */
  public Choices keeping(int stated) {
    return new Choices(methods, ranks, lengths, sequences, OptionalInt.of(stated));
  }

  /** The job's own method and batch. */
  public static final Choices NONE = new Choices(List.of(), OptionalInt.empty());

  public Choices {
    methods = List.copyOf(methods);
    ranks = List.copyOf(ranks);
    lengths = List.copyOf(lengths);
  }
}
