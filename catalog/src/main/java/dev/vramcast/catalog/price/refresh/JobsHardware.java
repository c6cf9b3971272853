package dev.vramcast.catalog.price.refresh;

import static dev.vramcast.core.units.Multiples.GIB;
import static dev.vramcast.core.units.Multiples.GIGA;

import dev.vramcast.catalog.price.form.CatalogueNames;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.market.HostSize;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.input.json.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The hardware of Hugging Face's jobs, as {@code hf jobs hardware} prints it: the cost of a unit of
 * time, which is a minute and the least that is billed, with the memory of all cards together.
 */
record JobsHardware(PriceSource source, PriceDate day) {

  private static final String COST = "unitCostUSD";
  private static final Pattern SIZE = Pattern.compile("(\\d{1,7})\\s*GB.*");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "second", Duration.ofSeconds(1),
          "minute", Duration.ofMinutes(1),
          "hour", Duration.ofHours(1));

  Answered read(byte[] answer) {
    String place = source.address().toString();
    List<Object> rows = Json.array(place, answer);
    List<Offer> offers = new ArrayList<>();
    List<Notice> leftOut = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      JsonFields row = JsonFields.of(place + "#[" + i + "]", rows.get(i));
      if (row.fields().get("accelerator") instanceof Map<?, ?> card) {
        offer(row, JsonFields.of(row.place(), card), leftOut).ifPresent(offers::add);
      }
    }
    return new Answered(offers, leftOut);
  }

  private Optional<Offer> offer(JsonFields row, JsonFields card, List<Notice> leftOut) {
    String name = row.text("name").orElse("");
    int count = card.count("quantity").orElse(1);
    Duration unit = UNITS.get(row.text("unitLabel").orElse("minute"));
    if (unit == null) {
      throw row.failure("unitLabel", row.text("unitLabel").orElse(""), "second, minute, hour");
    }
    Optional<Gpu> gpu = gpu(card, count);
    Optional<BigDecimal> cost = row.price(COST);
    if (gpu.isEmpty() || cost.isEmpty()) {
      leftOut.add(Notice.of("no machine of a known GPU with a price: ", Shown.given(name)));
      return Optional.empty();
    }
    BigDecimal units = BigDecimal.valueOf(Duration.ofHours(1).dividedBy(unit));
    return Optional.of(
        Offer.builder()
            .provider(source.provider())
            .instance(name)
            .gpu(gpu.get())
            .count(count)
            .onDemand(Optional.of(row.hourly(COST, cost.get().multiply(units))))
            .asOf(day)
            .source(source.address().toString())
            .host(host(row))
            .terms(OfferTerms.UNKNOWN.billing(unit))
            .build());
  }

  private Optional<Gpu> gpu(JsonFields card, int count) {
    String model = card.text("model").orElse("");
    OptionalDouble memory = size(card, "vram");
    Optional<Gpu> sized =
        memory.isEmpty()
            ? Optional.empty()
            : CatalogueNames.known(
                "", "", model + "-" + Math.round(memory.getAsDouble() / count) + "GB");
    return sized.or(() -> CatalogueNames.known(source.provider(), "", model));
  }

  /** {@code 142 GB} of memory are as GiB, of disk as 10^9 bytes. */
  private static HostSize host(JsonFields row) {
    return new HostSize(bytes(size(row, "ram"), GIB), bytes(size(row, "ephemeralStorage"), GIGA));
  }

  private static OptionalLong bytes(OptionalDouble amount, double unit) {
    return amount.isPresent()
        ? OptionalLong.of(Math.round(amount.getAsDouble() * unit))
        : OptionalLong.empty();
  }

  private static OptionalDouble size(JsonFields row, String key) {
    Matcher matcher = SIZE.matcher(row.text(key).orElse(""));
    return matcher.matches()
        ? OptionalDouble.of(Double.parseDouble(matcher.group(1)))
        : OptionalDouble.empty();
  }
}
