package dev.vramcast.answers.guide;

import dev.vramcast.core.fit.FitCheck;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The GPUs for a line of the guide, for programs: bytes of one card as whole numbers. */
final class GpuJson {

  private GpuJson() {}

  static Map<String, Object> of(GpuEntry entry) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("guide", checked(entry.row().choice(), entry.guidesByEstimate()));
    json.put("rule", choice(entry.rule()));
    json.put("rule_agrees", entry.agrees());
    json.put("cheapest_by_rule", choice(entry.cheapestByRule()));
    json.put(
        "estimate",
        entry.trace().map(trace -> checked(trace.choice(), entry.trace())).orElse(null));
    json.put("remarks", entry.remarks());
    return json;
  }

  private static Map<String, Object> choice(GpuChoice choice) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("gpu", choice.card().gpu().name());
    json.put("gpus", choice.count());
    json.put("usd_per_hour", choice.price().amount());
    return json;
  }

  private static Map<String, Object> checked(GpuChoice choice, Optional<EstimatedChoice> trace) {
    Map<String, Object> json = choice(choice);
    Optional<FitCheck> check = trace.map(EstimatedChoice::check);
    json.put("verdict", check.map(GpuJson::verdict).orElse(null));
    json.put("needed_bytes", check.map(FitCheck::deviceBytes).orElse(null));
    json.put("low_bytes", check.map(it -> it.range().lowBytes()).orElse(null));
    json.put("high_bytes", check.map(it -> it.range().highBytes()).orElse(null));
    json.put("headroom_bytes", check.map(FitCheck::spareBytes).orElse(null));
    return json;
  }

  private static String verdict(FitCheck check) {
    return check.verdict().name().toLowerCase(Locale.ROOT);
  }
}
