package dev.vramcast.formats.write;

/** Writes the files that a framework trains from. A writer keeps no state. */
public interface TrainingWriter {

  /** The word on the command line, e.g. {@code axolotl}. */
  String name();

  /** Whether the file is one that a training file is started with, and starts nothing itself. */
  default boolean isCompanion() {
    return false;
  }

  /**
   * Writes the files.
   *
   * @throws dev.vramcast.core.input.InputException when the framework cannot train such a job at
   *     all
   */
  TrainingFiles write(TrainingJob job);
}
