package dev.vramcast.answers.plan;

import dev.vramcast.answers.fit.FitJson;
import dev.vramcast.answers.prices.PricesJson;
import dev.vramcast.answers.text.JobCommand;
import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.core.plan.PlanLine;
import dev.vramcast.core.plan.search.Exclusion;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@link PlanReport} for programs. */
public final class PlanJson {

  private static final int CENT_DECIMALS = 6;
  private static final BigDecimal SECONDS_AN_HOUR = BigDecimal.valueOf(3600);
  private static final int NANO_DECIMALS = 9;

  private PlanJson() {}

  /** The report as maps, lists and plain values. */
  public static Map<String, Object> of(PlanReport report, String version) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("vramcast_version", version);
    json.put("kind", "plan");
    json.put("model", report.model());
    json.put("ranked_by", report.ranking().label());
    json.put("purchase", report.question().purchase().label());
    json.put("today", report.prices().today().toString());
    PricesJson.age(json, report.age());
    json.put("candidates", report.plan().candidates());
    json.put("excluded", report.plan().exclusions().stream().map(PlanJson::exclusion).toList());
    json.put("memory_of_all_is_known", report.plan().memoryIsWhole());
    List<Map<String, Object>> lines = new ArrayList<>();
    report.plan().lines().forEach(line -> lines.add(line(line, report)));
    json.put("lines", lines);
    json.put("next", report.next().map(line -> line(line, report)).orElse(null));
    json.put("warnings", report.warnings());
    return json;
  }

  private static Map<String, Object> exclusion(Exclusion exclusion) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("constraint", exclusion.constraint());
    json.put("candidates", exclusion.candidates());
    return json;
  }

  private static Map<String, Object> line(PlanLine line, PlanReport report) {
    Map<String, Object> json = new LinkedHashMap<>();
    UsdPerHour price = line.price();
    json.put("cost_usd", line.cost().rounded(CENT_DECIMALS));
    json.put("hours", hours(line.billed()));
    json.put("usd_per_hour", price.amount());
    json.put("hours_undisturbed", hours(line.run().total()));
    json.put("hours_low", hours(line.run().low()));
    json.put("hours_high", hours(line.run().high()));
    json.put("tokens_per_second", Math.round(line.speed().tokensPerSecond()));
    json.put("steps", line.run().steps());
    json.put("spot", line.spot().map(PlanJson::spot).orElse(null));
    json.put("offer", PricesJson.offer(line.offer(), report.prices().today()));
    json.putAll(FitJson.check(line.check()));
    json.put("legal_because", line.reasons());
    json.put(
        "command", JobCommand.estimate(line.document(), report.question().extras()).orElse(null));
    json.put("job", line.document().toMap());
    return json;
  }

  private static Map<String, Object> spot(SpotRun run) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(
        "interruptions", BigDecimal.valueOf(run.interruptions()).setScale(3, RoundingMode.HALF_UP));
    json.put("checkpoint_interval_hours", hours(run.interval()));
    json.put("checkpoints", run.checkpoints());
    json.put("hours_p90", hours(run.p90()));
    return json;
  }

  private static BigDecimal hours(Duration time) {
    BigDecimal seconds =
        BigDecimal.valueOf(time.getSeconds())
            .add(BigDecimal.valueOf(time.getNano(), NANO_DECIMALS));
    return seconds.divide(SECONDS_AN_HOUR, CENT_DECIMALS, RoundingMode.HALF_UP);
  }
}
