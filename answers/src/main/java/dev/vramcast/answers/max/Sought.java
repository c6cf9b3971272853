package dev.vramcast.answers.max;

import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.core.job.document.JobKey;
import java.util.Locale;

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
      "larger ones are shrunk to it"),
  SOUND(
      Parameter.flag(
          JobKey.AUDIO_SECONDS.flag(), "Find the most seconds of sound, beside tokens as given."),
      JobKey.AUDIO_SECONDS,
      "sound",
      "the longest sound",
      "more is not heard, or was not tried"),
  COMPLETION(
      Parameter.flag(JobKey.COMPLETION_LENGTH.flag(), "Find the longest completion."),
      JobKey.COMPLETION_LENGTH,
      "completion",
      "the longest completion",
      "more was not tried"),
  GROUP(
      Parameter.flag(JobKey.GROUP_SIZE.flag(), "Find the largest group of one prompt."),
      JobKey.GROUP_SIZE,
      "group",
      "the largest group",
      "more was not tried"),
  ENGINE_SHARE(
      Parameter.flag(
          JobKey.ENGINE_FRACTION.flag(),
          "Find the largest share of an engine beside the training."),
      JobKey.ENGINE_FRACTION,
      "share of the engine",
      "the largest share",
      "more was not tried");

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

  /** Whether sequences grow by it. */
  boolean isBesideText() {
    return this == IMAGE || this == SOUND;
  }

  /** Whether it is asked for by the flag of its key, without a value. */
  boolean byKey() {
    return parameter.name().equals(key.flag());
  }

  /** What a value is of, as in {@code sequences of 4096 tokens}. */
  String phrase(int value) {
    String number = shown(value);
    return switch (this) {
      case BATCH -> "a micro-batch of " + number;
      case SEQUENCE -> "sequences of " + counted(number, "token");
      case IMAGE -> "images of " + number;
      case SOUND -> counted(number, "second") + " of sound";
      case COMPLETION -> "completions of " + counted(number, "token");
      case GROUP -> "groups of " + counted(number, "completion");
      case ENGINE_SHARE -> "an engine with " + number + " of the card";
    };
  }

  private static String counted(String number, String name) {
    return number + " " + name + (number.equals("1") ? "" : "s");
  }

  /** A value for people. */
  String shown(int value) {
    return switch (this) {
      case IMAGE -> value + " x " + value;
      case ENGINE_SHARE -> String.format(Locale.ROOT, "%.2f", StageValues.share(value));
      case BATCH, SEQUENCE, SOUND, COMPLETION, GROUP -> String.valueOf(value);
    };
  }
}
