package dev.vramcast.core.input;

import java.util.List;
import java.util.Optional;

/**
 * A sentence beside the figures of an answer, such as an assumption, and the setting behind it: who
 * doubts the sentence knows what to look at. Figures in it are texts; they stand in the answer too.
 *
 * @param about the setting that it follows from; empty where it always holds
 * @param sentence with its full stop, in which no setting is named in the words of a surface
 */
public record Remark(Optional<Subject> about, String sentence) {

  /** One that follows from no setting. */
  public static Remark of(String sentence) {
    return new Remark(Optional.empty(), sentence);
  }

  /** One that follows from a setting. */
  public static Remark about(Subject setting, String sentence) {
    return new Remark(Optional.of(setting), sentence);
  }

  /** The sentences, for people. */
  public static List<String> sentences(List<Remark> remarks) {
    return remarks.stream().map(Remark::sentence).toList();
  }
}
