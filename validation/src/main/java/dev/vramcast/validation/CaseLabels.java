package dev.vramcast.validation;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.range.JobKind;
import dev.vramcast.validation.cases.Case;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * By what cases are grouped. What an unreadable job leaves open is {@value #UNKNOWN}.
 *
 * @param source who published the figure
 * @param method e.g. {@code qlora}
 * @param quality e.g. {@code complete}
 * @param parallelism the strategy, e.g. {@code fsdp2}
 * @param kind of the measured figure, e.g. {@code reserved}
 * @param framework e.g. {@code peft}
 * @param modelType e.g. {@code llama}
 * @param gpus empty when not known
 * @param job the kind of job that ranges go by; empty when not known
 */
public record CaseLabels(
    String source,
    String method,
    String quality,
    String parallelism,
    String kind,
    String framework,
    String modelType,
    OptionalInt gpus,
    Optional<JobKind> job) {

  static final String UNKNOWN = "unknown";

  /** What can be said before the job was read. */
  static CaseLabels of(Case c) {
    return new CaseLabels(
        publisher(c.source()),
        at(c.job(), "method"),
        c.measured().quality().label(),
        at(c.job(), "parallelism", "strategy"),
        c.measured().kind().label(),
        at(c.job(), "framework", "name"),
        at(c.job(), "model", "config", "model_type"),
        OptionalInt.empty(),
        Optional.empty());
  }

  CaseLabels with(ResolvedJob resolved) {
    return new CaseLabels(
        source,
        resolved.method().label(),
        quality,
        resolved.parallelism().strategy().label(),
        kind,
        resolved.framework().name(),
        modelType,
        OptionalInt.of(resolved.parallelism().gpus()),
        Optional.of(JobKind.of(resolved)));
  }

  CaseLabels withModelType(String type) {
    return new CaseLabels(source, method, quality, parallelism, kind, framework, type, gpus, job);
  }

  /** Quality and whether one GPU or many, e.g. {@code complete, one GPU}. */
  public String scope() {
    if (gpus.isEmpty()) {
      return quality + ", " + UNKNOWN;
    }
    return quality + (gpus.getAsInt() == 1 ? ", one GPU" : ", many GPUs");
  }

  /** {@code owner/repository} where the source begins with one, else all before a revision. */
  private static String publisher(String source) {
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
