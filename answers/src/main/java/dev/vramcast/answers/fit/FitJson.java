package dev.vramcast.answers.fit;

import dev.vramcast.core.fit.Advice;
import dev.vramcast.core.fit.Change;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.fit.TimeEffect;
import dev.vramcast.core.hardware.Gpu;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@link FitReport} for programs: snake_case keys, bytes as whole numbers. */
public final class FitJson {

  private FitJson() {}

  /** The report as nested maps and lists. */
  static Map<String, Object> of(FitReport report, String version) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("vramcast_version", version);
    json.put("kind", "fit");
    json.put("model", report.model());
    json.put("gpu", report.gpu().name());
    json.put("gpus", report.check().resolution().job().parallelism().gpus());
    json.put("memory_bytes", report.gpu().allocatableBytes());
    json.put("kept_free_bytes", report.keptFreeBytes());
    json.putAll(check(report.check()));
    json.put("peak_episode", report.check().memory().worst().peakEpisode().label());
    json.put("job", report.check().document().toMap());
    json.put("alone", steps(report.advice().map(Advice::alone).orElse(List.of()), report));
    json.put("together", steps(report.advice().map(Advice::together).orElse(List.of()), report));
    json.put("warnings", report.warnings());
    return json;
  }

  public static Map<String, Object> check(FitCheck check) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("verdict", name(check.verdict()));
    json.put("needed_bytes", check.deviceBytes());
    json.put("low_bytes", check.range().lowBytes());
    json.put("high_bytes", check.range().highBytes());
    json.put("headroom_bytes", check.spareBytes());
    return json;
  }

  private static List<Object> steps(List<Advice.Step> steps, FitReport report) {
    return steps.stream().<Object>map(step -> step(step, step.time(report.profile()))).toList();
  }

  private static Map<String, Object> step(Advice.Step step, TimeEffect time) {
    Change change = step.change();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("change", change.name());
    json.put("drawback", name(change.drawback()));
    json.put("cost", change.cost());
    json.put("time", name(time.basis()));
    json.put("time_factor", time.factor().isPresent() ? time.factor().getAsDouble() : null);
    json.put("gpu", change.card().map(Gpu::name).orElse(null));
    json.put("saved_bytes", step.savedBytes());
    json.putAll(check(step.after()));
    json.put("job", change.document().toMap());
    return json;
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
