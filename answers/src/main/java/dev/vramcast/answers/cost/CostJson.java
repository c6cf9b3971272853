package dev.vramcast.answers.cost;

import dev.vramcast.answers.cost.CostSearch.LeftOut;
import dev.vramcast.answers.prices.PricesJson;
import dev.vramcast.core.cost.OnDemandCost;
import dev.vramcast.core.cost.SpotCost;
import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.time.Seconds;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@link CostReport} for programs: seconds, bytes, and dollars to a ten-thousandth of a cent. */
final class CostJson {

  private static final int DECIMALS = 6;

  private final CostReport report;

  private CostJson(CostReport report) {
    this.report = report;
  }

  static Map<String, Object> of(CostReport report, String version) {
    CostJson writer = new CostJson(report);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("vramcast_version", version);
    json.put("kind", "cost");
    json.put("model", report.model());
    json.put("only_size_known", report.onlySize());
    json.put("method", report.method());
    json.put("tokens", report.tokens());
    json.put("today", report.prices().today().toString());
    json.put("ordered_by", report.prices().purchase().label());
    PricesJson.age(json, report.prices().age(report.used()));
    json.put("lists", report.prices().lists().stream().map(list -> list.list().name()).toList());
    json.put("spot_terms", terms(report.terms()));
    json.put("machines", report.search().rows().stream().map(writer::row).toList());
    json.put("left_out", report.search().leftOut().stream().map(CostJson::leftOut).toList());
    json.put("assumptions", report.assumptions());
    json.put("warnings", report.warnings());
    return json;
  }

  private static Map<String, Object> terms(SpotTerms terms) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seconds_between_interruptions", Seconds.of(terms.between()));
    json.put("checkpoint_interval_seconds", terms.interval().map(Seconds::of).orElse(null));
    json.put("restart_seconds", terms.restart().map(Seconds::of).orElse(null));
    return json;
  }

  private Map<String, Object> row(CostRow row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("gpu", row.gpu().name());
    json.put("count", row.count());
    json.put("verdict", row.runs().verdict().replace(' ', '_'));
    json.put("strategy", row.runs().strategy().orElse(null));
    json.put("needed_bytes", row.runs().neededBytes());
    json.put("usable_bytes", row.runs().usableBytes());
    json.put("seconds", Seconds.of(row.work().total()));
    json.put("low_seconds", Seconds.of(row.work().low()));
    json.put("high_seconds", Seconds.of(row.work().high()));
    json.put("on_demand", row.onDemandCost().map(cost -> onDemand(row, cost)).orElse(null));
    json.put("spot", row.spot().isPresent() ? spot(row) : null);
    return json;
  }

  private Map<String, Object> onDemand(CostRow row, OnDemandCost cost) {
    Map<String, Object> json = new LinkedHashMap<>();
    usd(json, "usd", cost.total());
    usd(json, "low_usd", cost.low());
    usd(json, "high_usd", cost.high());
    usd(json, "usd_per_million_tokens", cost.total().perMillion(row.work().tokens()));
    json.put("offer", PricesJson.offer(row.onDemand().orElseThrow(), report.prices().today()));
    return json;
  }

  private Map<String, Object> spot(CostRow row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("hopeless", row.isHopeless());
    row.spotRun().ifPresent(run -> run(json, run));
    row.spotCost().ifPresent(cost -> cost(json, cost, row.work().tokens()));
    json.put("offer", PricesJson.offer(row.spot().orElseThrow(), report.prices().today()));
    return json;
  }

  private static void run(Map<String, Object> json, SpotRun run) {
    json.put("checkpoint_interval_seconds", Seconds.of(run.interval()));
    json.put("checkpoints", run.checkpoints());
    json.put("expected_interruptions", run.interruptions());
    seconds(json, "undisturbed_seconds", run.undisturbed());
    seconds(json, "expected_seconds", run.expected());
    seconds(json, "p90_seconds", run.p90());
  }

  private static void cost(Map<String, Object> json, SpotCost cost, double tokens) {
    usd(json, "undisturbed_usd", cost.undisturbed());
    usd(json, "expected_usd", cost.expected());
    usd(json, "p90_usd", cost.p90());
    usd(json, "expected_usd_per_million_tokens", cost.expected().perMillion(tokens));
  }

  private static void seconds(Map<String, Object> json, String name, Duration time) {
    json.put(name, Seconds.of(time));
  }

  private static void usd(Map<String, Object> json, String name, Usd usd) {
    json.put(name, usd.rounded(DECIMALS));
  }

  private static Map<String, Object> leftOut(LeftOut left) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("gpu", left.gpu().name());
    json.put("count", left.count());
    if (left.outcome() instanceof Outcome.TooLarge large) {
      json.put("reason", "does_not_fit");
      json.put("needed_bytes", large.neededBytes());
      json.put("usable_bytes", large.usableBytes());
    } else if (left.outcome() instanceof Outcome.Unknown unknown) {
      json.put("reason", "not_known");
      json.put("detail", unknown.reason());
    }
    return json;
  }
}
