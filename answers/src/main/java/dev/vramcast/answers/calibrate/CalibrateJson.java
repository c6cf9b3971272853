package dev.vramcast.answers.calibrate;

import dev.vramcast.answers.correction.CorrectionJson;
import dev.vramcast.core.calibration.Attribution.Part;
import dev.vramcast.core.calibration.MeasuredSpeed;
import dev.vramcast.core.calibration.RunFigure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@link CalibrateReport} for programs: snake_case keys, bytes as whole numbers. */
final class CalibrateJson {

  private CalibrateJson() {}

  static Map<String, Object> of(CalibrateReport report, String version) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("vramcast_version", version);
    json.put("kind", "calibration");
    json.put("model", report.estimate().model().id());
    json.put("gpu", report.estimate().gpu().map(gpu -> gpu.name()).orElse(null));
    json.put("sources", report.run().sources());
    json.put("figures", figures(report));
    json.put("speed", report.run().speed().map(speed -> speed(report, speed)).orElse(null));
    json.put("parts", parts(report.attribution().parts()));
    json.put("components", parts(report.attribution().components()));
    json.put("not_told", report.attribution().untold());
    json.put("hints", report.hints());
    json.put("notes", report.run().notes());
    json.put("kept", report.kept().map(CalibrateJson::kept).orElse(null));
    json.put("job", report.estimate().resolution().document().toMap());
    json.put("warnings", report.warnings());
    return json;
  }

  private static Map<String, Object> figures(CalibrateReport report) {
    Map<String, Object> figures = new LinkedHashMap<>();
    for (RunFigure figure : RunFigure.values()) {
      Map<String, Object> json = new LinkedHashMap<>();
      report
          .run()
          .figure(figure)
          .ifPresent(
              measured -> {
                json.put("measured_bytes", measured.bytes());
                json.put("rounding_bytes", measured.roundingBytes());
                json.put("source", measured.source());
              });
      json.put("estimated_bytes", report.estimated().bytes(figure));
      figures.put(figure.name().toLowerCase(Locale.ROOT), json);
    }
    return figures;
  }

  private static Map<String, Object> speed(CalibrateReport report, MeasuredSpeed measured) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("measured_tokens_per_second", measured.total(report.gpus()));
    json.put("counted", measured.counted().name().toLowerCase(Locale.ROOT));
    json.put("source", measured.source());
    json.put(
        "estimated_tokens_per_second",
        report.estimated().tokensPerSecond().isEmpty()
            ? null
            : report.estimated().tokensPerSecond().getAsDouble());
    return json;
  }

  private static List<Map<String, Object>> parts(List<Part> parts) {
    return parts.stream().map(CalibrateJson::part).toList();
  }

  private static Map<String, Object> part(Part part) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", part.name());
    json.put("meaning", part.meaning());
    json.put("measured_bytes", part.measuredBytes());
    json.put("estimated_bytes", part.estimatedBytes());
    json.put("difference_bytes", part.differenceBytes());
    return json;
  }

  private static Map<String, Object> kept(CalibrateReport.Kept kept) {
    Map<String, Object> json = CorrectionJson.of(kept.correction());
    json.put("file", kept.file());
    return json;
  }
}
