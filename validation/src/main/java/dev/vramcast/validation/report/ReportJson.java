package dev.vramcast.validation.report;

import dev.vramcast.core.range.ByteRange;
import dev.vramcast.core.range.ErrorRange;
import dev.vramcast.validation.CaseResult;
import dev.vramcast.validation.Coverage;
import dev.vramcast.validation.Grouping;
import dev.vramcast.validation.MeasuredPhase;
import dev.vramcast.validation.PhaseSummary;
import dev.vramcast.validation.RangeCheck;
import dev.vramcast.validation.Report;
import dev.vramcast.validation.SpeedCheck;
import dev.vramcast.validation.Summary;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A report for programs. Errors are fractions; what there is none of is null. */
public final class ReportJson {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ReportJson() {}

  public static String of(Report report) {
    Map<String, Object> root = summary(report.overall());
    root.put("groups", report.groups().stream().map(ReportJson::group).toList());
    root.put("phases", report.phases().stream().map(ReportJson::phase).toList());
    root.put("ranges", ranges(report));
    root.put("results", report.results().stream().map(ReportJson::result).toList());
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private static Map<String, Object> summary(Summary summary) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("cases", summary.cases());
    fields.put("supported", summary.supported());
    fields.put("unsupported", summary.unsupported());
    fields.put("median_error", value(summary.errors().median()));
    fields.put("p90_error", value(summary.errors().p90()));
    fields.put("p95_error", value(summary.errors().p95()));
    fields.put("max_error", value(summary.errors().max()));
    fields.put("signed_median_error", value(summary.errors().signedMedian()));
    fields.put("false_fits", summary.falseFits());
    fields.put("unsupported_reasons", summary.reasons());
    return fields;
  }

  private static Map<String, Object> group(Grouping.Group group) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("by", group.by().label());
    fields.put("name", group.name());
    fields.putAll(summary(group.summary()));
    return fields;
  }

  private static Map<String, Object> phase(PhaseSummary phase) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", phase.phase().key());
    fields.put("cases", phase.cases());
    fields.put("median_error", value(phase.median()));
    fields.put("p95_error", value(phase.p95()));
    fields.put("max_error", value(phase.max()));
    fields.put("signed_median_error", value(phase.signedMedian()));
    return fields;
  }

  private static Map<String, Object> ranges(Report report) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("nominal_share", ErrorRange.SHARE);
    fields.putAll(coverage(report.coverage()));
    fields.put(
        "by_quality", report.coveragesByQuality().stream().map(ReportJson::coverage).toList());
    fields.put("by_kind", report.coveragesByRange().stream().map(ReportJson::coverage).toList());
    return fields;
  }

  private static Map<String, Object> coverage(Coverage coverage) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", coverage.name());
    fields.put("truths", coverage.truths());
    fields.put("inside", coverage.inside());
    fields.put("share", value(coverage.share()));
    fields.put("capped", coverage.capped());
    fields.put("capped_inside", coverage.cappedInside());
    fields.put("out_of_memory", coverage.outOfMemory());
    fields.put("out_of_memory_inside", coverage.outOfMemoryInside());
    fields.put("without_range", coverage.withoutRange());
    return fields;
  }

  private static Map<String, Object> result(CaseResult result) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", result.id());
    if (result.isThroughput()) {
      return speed(result, fields);
    }
    fields.put("estimated_bytes", value(result.estimatedBytes()));
    fields.put("measured_peak_bytes", value(result.measuredPeakBytes()));
    fields.put("error", value(result.error()));
    fields.put("reason", result.reason().orElse(null));
    fields.put("status", result.status().label());
    fields.put("raw_error", value(result.rawError()));
    fields.put("false_fit", result.falseFit());
    fields.put("range", result.range().flatMap(c -> range(c, result)).orElse(null));
    fields.put("phases", phases(result));
    return fields;
  }

  private static Map<String, Object> speed(CaseResult result, Map<String, Object> fields) {
    Optional<SpeedCheck> speed = result.speed();
    fields.put("estimated_tokens_per_second", speed.map(SpeedCheck::estimated).orElse(null));
    fields.put("measured_tokens_per_second", value(result.measuredTokensPerSecond()));
    fields.put("error", value(result.error()));
    fields.put("reason", result.reason().orElse(null));
    fields.put("status", result.status().label());
    fields.put("scope", speed.map(check -> check.scope().label()).orElse(null));
    fields.put("range", speed.map(ReportJson::range).orElse(null));
    return fields;
  }

  private static Map<String, Object> range(SpeedCheck speed) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("low_tokens_per_second", speed.range().low());
    fields.put("high_tokens_per_second", speed.range().high());
    fields.put("kind", speed.range().kind());
    fields.put("inside", speed.isInside());
    return fields;
  }

  private static Optional<Map<String, Object>> range(RangeCheck check, CaseResult result) {
    return check
        .row()
        .map(
            row -> {
              ByteRange bytes = row.range().about(result.estimatedBytes().orElseThrow());
              Map<String, Object> fields = new LinkedHashMap<>();
              fields.put("low_bytes", bytes.lowBytes());
              fields.put("high_bytes", bytes.highBytes());
              fields.put("kind", row.key().words());
              fields.put("left_out", row.leftOut().orElse(null));
              fields.put("runs", row.runs());
              fields.put("sources", row.sources());
              fields.put("inside", check.isInside().orElseThrow());
              return fields;
            });
  }

  /** Errors by phase; null where the case states no phases. */
  private static @Nullable Map<String, Object> phases(CaseResult result) {
    if (result.phaseErrors().isEmpty()) {
      return null;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    for (MeasuredPhase phase : MeasuredPhase.values()) {
      if (result.phaseErrors().containsKey(phase)) {
        fields.put(phase.key(), result.phaseErrors().get(phase));
      }
    }
    return fields;
  }

  private static @Nullable Double value(OptionalDouble number) {
    return number.isPresent() ? number.getAsDouble() : null;
  }

  private static @Nullable Long value(OptionalLong number) {
    return number.isPresent() ? number.getAsLong() : null;
  }
}
