package dev.vramcast.validation;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.range.JobKind;
import dev.vramcast.core.range.Spread;
import dev.vramcast.validation.cases.Case;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * By what cases are grouped. What an unreadable job leaves open is {@value #UNKNOWN}.
 *
 * @param source who published the figure
 * @param quality e.g. {@code complete}
 * @param kind of the measured figure, e.g. {@code reserved} for bytes, or {@value #SPEED}
 * @param modelType e.g. {@code llama}
 * @param spread over several GPUs; empty when not known
 * @param job the kind of job that ranges go by; empty when not known
 */
public record CaseLabels(
    String source,
    String quality,
    String kind,
    String modelType,
    Training training,
    Optional<Spread> spread,
    Optional<JobKind> job) {

  static final String UNKNOWN = "unknown";

  private static final String SPEED = "tokens per second";

  /**
   * How the model was trained.
   *
   * @param stage e.g. {@code dpo}
   * @param method e.g. {@code qlora}
   * @param parallelism the strategy, e.g. {@code fsdp2}
   * @param framework e.g. {@code peft}
   * @param gpus empty when not known
   */
  public record Training(
      String stage, String method, String parallelism, String framework, OptionalInt gpus) {}

  /** What can be said before the job was read. */
  static CaseLabels of(Case c) {
    return new CaseLabels(
        publisher(c.source()),
        c.measured().quality().label(),
        c.isThroughput() ? SPEED : c.measured().kind().label(),
        at(c.job(), "model", "config", "model_type"),
        new Training(
            at(c.job(), "objective", "stage"),
            at(c.job(), "method"),
            at(c.job(), "parallelism", "strategy"),
            at(c.job(), "framework", "name"),
            OptionalInt.empty()),
        Optional.empty(),
        Optional.empty());
  }

  CaseLabels with(ResolvedJob resolved) {
    return new CaseLabels(
        source,
        quality,
        kind,
        modelType,
        new Training(
            resolved.objective().stage().label(),
            resolved.method().label(),
            resolved.parallelism().strategy().label(),
            resolved.framework().name(),
            OptionalInt.of(resolved.parallelism().gpus())),
        Optional.of(Spread.of(resolved.parallelism())),
        job);
  }

  CaseLabels with(ResolvedJob resolved, Architecture model) {
    return new CaseLabels(
        source,
        quality,
        kind,
        model.modelType(),
        training,
        spread,
        Optional.of(JobKind.of(resolved, model)));
  }

  /** Whether memory was measured, or speed. */
  public String figure() {
    return kind.equals(SPEED) ? SPEED : "memory";
  }

  public String stage() {
    return training.stage();
  }

  public String method() {
    return training.method();
  }

  public String parallelism() {
    return training.parallelism();
  }

  public String framework() {
    return training.framework();
  }

  public OptionalInt gpus() {
    return training.gpus();
  }

  /** Quality and whether one GPU or many, e.g. {@code complete, one GPU}. */
  public String scope() {
    if (gpus().isEmpty()) {
      return quality + ", " + UNKNOWN;
    }
    return quality + (gpus().getAsInt() == 1 ? ", one GPU" : ", many GPUs");
  }

  /** {@code owner/repository} where the source begins with one, else all before a revision. */
  public static String publisher(String source) {
    String first = source.split("[\\s:@]", 2)[0];
    if (first.contains("/")) {
      return first;
    }
    String name = source.split(" @| https?:", 2)[0].strip();
    return name.isEmpty() ? UNKNOWN : name;
  }

  private static String at(Map<?, ?> job, String... path) {
    Object value = job;
    for (String key : path) {
      value = value instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return value instanceof String text ? text : UNKNOWN;
  }
}
