package dev.vramcast.answers.prices;

import dev.vramcast.catalog.price.LoadedPrices;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.PriceAge;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.market.UsdPerHour;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prices for programs. */
public final class PricesJson {

  private final PricesReport report;

  private PricesJson(PricesReport report) {
    this.report = report;
  }

  /** The report as maps, lists and plain values. */
  public static Map<String, Object> of(PricesReport report, String version) {
    PricesJson writer = new PricesJson(report);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("vramcast_version", version);
    json.put("kind", "prices");
    json.put("today", report.today().toString());
    json.put("ordered_by", report.purchase().label());
    age(json, report.age());
    json.put("lists", report.lists().stream().map(writer::list).toList());
    json.put(
        "offers", report.offers().stream().map(offer -> offer(offer, report.today())).toList());
    return json;
  }

  private Map<String, Object> list(LoadedPrices prices) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", prices.list().name());
    json.put("title", prices.list().title());
    json.put("form", prices.form().label());
    if (!prices.list().offers().isEmpty()) {
      age(json, report.age(prices.list().offers()));
    }
    json.put("date_assumed", prices.dateAssumed());
    json.put("rows", prices.rows());
    json.put("offers", prices.list().offers().size());
    json.put("rows_left_out", prices.dropped());
    json.put("findings", findings(prices));
    return json;
  }

  private static List<Map<String, Object>> findings(LoadedPrices prices) {
    return prices.findings().stream()
        .map(
            found -> {
              Map<String, Object> json = new LinkedHashMap<>();
              json.put("place", found.place());
              json.put("left_out", found.finding().drops());
              json.put("reason", found.finding().label());
              json.put("detail", found.detail());
              return json;
            })
        .toList();
  }

  public static Map<String, Object> offer(Offer offer, LocalDate today) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("provider", offer.provider());
    json.put("instance", offer.instance());
    json.put("gpu", offer.gpu().name());
    json.put("count", offer.count());
    json.put("on_demand_usd_per_hour", amount(offer.price(Purchase.ON_DEMAND)));
    json.put("spot_usd_per_hour", amount(offer.price(Purchase.SPOT)));
    json.put("on_demand_usd_per_gpu_hour", amount(offer.pricePerGpu(Purchase.ON_DEMAND)));
    json.put("spot_usd_per_gpu_hour", amount(offer.pricePerGpu(Purchase.SPOT)));
    json.put("region", offer.region());
    json.put("as_of", offer.asOf().toString());
    age(json, offer.asOf().age(today));
    json.put("source", offer.source());
    return json;
  }

  public static void age(Map<String, Object> json, PriceAge age) {
    json.put("age_days_least", age.leastDays());
    json.put("age_days_most", age.mostDays());
    json.put("age_may_be_more", age.orMore());
  }

  private static @Nullable BigDecimal amount(Optional<UsdPerHour> price) {
    return price.map(UsdPerHour::amount).orElse(null);
  }
}
