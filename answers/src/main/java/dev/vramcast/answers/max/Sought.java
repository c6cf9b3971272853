package dev.vramcast.answers.max;

import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.core.job.document.JobKey;

/** What is searched of which a card holds so much. */
enum Sought {
  BATCH(
      Parameter.flag("--batch", "Find the largest micro-batch."),
      JobKey.MICRO_BATCH,
      "micro-batch",
      "the largest micro-batch",
      "more was not tried"),
  SEQUENCE(
      Parameter.flag("--sequence", "Find the longest sequence."),
      JobKey.SEQUENCE_LENGTH,
      "sequence length",
      "the largest sequence",
      "more was not tried"),
  IMAGE(
      Parameter.flag(
          JobKey.IMAGE_SIZE.flag(), "Find the largest square image, beside tokens as given."),
      JobKey.IMAGE_SIZE,
      "image",
      "the largest image",
      "larger ones are shrunk to it");

  private final Parameter parameter;
  private final JobKey key;
  private final String words;
  private final String largest;
  private final String beyond;

  Sought(Parameter parameter, JobKey key, String words, String largest, String beyond) {
    this.parameter = parameter;
    this.key = key;
    this.words = words;
    this.largest = largest;
    this.beyond = beyond;
  }

  Parameter parameter() {
    return parameter;
  }

  /** The key of the job that is searched. */
  JobKey key() {
    return key;
  }

  /** E.g. {@code micro-batch}. */
  String words() {
    return words;
  }

  /** E.g. {@code the largest micro-batch}. */
  String largest() {
    return largest;
  }

  /** What is said of values above all that are searched. */
  String beyond() {
    return beyond;
  }

  /** A value for people. */
  String shown(int value) {
    return this == IMAGE ? value + " x " + value : String.valueOf(value);
  }
}
