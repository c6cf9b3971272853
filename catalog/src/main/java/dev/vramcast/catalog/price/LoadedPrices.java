package dev.vramcast.catalog.price;

import dev.vramcast.catalog.price.form.Finding;
import dev.vramcast.catalog.price.form.LocatedFinding;
import dev.vramcast.catalog.price.form.PriceForm;
import dev.vramcast.core.market.PriceList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A price list as it was read.
 *
 * @param form what kind of file it is
 * @param rows that name a GPU
 * @param dateAssumed whether the list has no dates, so that the file's own was taken
 * @param findings in the order of the file
 */
public record LoadedPrices(
    PriceList list, PriceForm form, int rows, boolean dateAssumed, List<LocatedFinding> findings) {

  public LoadedPrices {
    findings = List.copyOf(findings);
  }

  /** Rows that gave no offer. */
  public long dropped() {
    return findings.stream().filter(found -> found.finding().drops()).count();
  }

  /** How often each finding was made; only those that were. */
  public Map<Finding, Integer> counts() {
    Map<Finding, Integer> counts = new EnumMap<>(Finding.class);
    findings.forEach(found -> counts.merge(found.finding(), 1, Integer::sum));
    return counts;
  }
}
