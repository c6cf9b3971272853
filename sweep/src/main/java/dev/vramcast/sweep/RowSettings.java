package dev.vramcast.sweep;

import dev.vramcast.catalog.price.LoadedPrices;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.catalog.source.LocatedModel;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.market.AgeLimit;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.core.market.Purchase;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a {@link RowEstimator} has to know beside its rows, as texts, so that it can be sent to
 * other machines and opened there.
 *
 * @param prices price lists, from which a row without a price takes the cheapest offer; a list
 *     without text is one of the catalogue
 * @param models texts of {@code config.json} by names, which win over the catalogue
 * @param purchase how machines of rows without a price are rented
 * @param age how old prices may be
 */
public record RowSettings(
    List<PriceText> prices, Map<String, String> models, Purchase purchase, PriceAge age)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  /**
   * A price list.
   *
   * @param name of a list of the catalogue, or of the file that the text is from
   * @param text the content of a CSV file; empty for a list of the catalogue
   * @param day that its prices are of where they have no dates, as in {@code 2026-09-01}
   */
  public record PriceText(String name, String text, String day) implements Serializable {

    private static final long serialVersionUID = 1L;

    /** A list of the catalogue. */
    public static PriceText embedded(String name) {
      return new PriceText(name, "", "");
    }

    LoadedPrices open() {
      if (text.isEmpty()) {
        return PriceLists.open(name, Optional.empty());
      }
      PriceDate date =
          PriceDate.parse(day)
              .orElseThrow(() -> InputError.value(day, " is no day").at(Place.of(name)).refusal());
      return PriceLists.parse(name, text, date);
    }
  }

  public RowSettings {
    prices = List.copyOf(prices);
    models = Map.copyOf(models);
  }

  /** With prices of any age. */
  public RowSettings(List<PriceText> prices, Map<String, String> models, Purchase purchase) {
    this(prices, models, purchase, PriceAge.ANY);
  }

  /** The market of the catalogue, on demand, with prices of any age. */
  public static RowSettings usual() {
    return new RowSettings(
        List.of(PriceText.embedded(PriceLists.MARKET)), Map.of(), Purchase.ON_DEMAND);
  }

  /** The offers of all lists that are young enough. */
  List<Offer> offers() {
    List<Offer> all =
        prices.stream().flatMap(list -> list.open().list().offers().stream()).toList();
    return age.stated().orElse(AgeLimit.USUAL).ofEachMachine(all, age.today());
  }

  /** The models, read. */
  Map<String, LocatedModel> locatedModels() {
    Map<String, LocatedModel> located = new HashMap<>();
    models.forEach((name, text) -> located.put(name, LocatedModel.of(name, text)));
    return located;
  }
}
