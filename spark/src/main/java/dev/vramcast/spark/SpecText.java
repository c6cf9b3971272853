package dev.vramcast.spark;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.sweep.PriceAge;
import dev.vramcast.sweep.ProductRows;
import dev.vramcast.sweep.RowEstimator;
import dev.vramcast.sweep.RowSettings.PriceText;
import dev.vramcast.sweep.product.Product;
import dev.vramcast.sweep.spec.SpecReader;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A spec of a sweep as it is broadcast. All who open it get the same combinations in the same
 * order.
 *
 * @param source names it in messages, as {@code sweep.yaml}
 * @param lists the price lists that it names and that the catalogue does not have, by their names
 * @param age how old prices may be
 */
public record SpecText(String source, String text, Map<String, PriceText> lists, PriceAge age)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  public SpecText {
    lists = Map.copyOf(lists);
  }

  /**
   * A spec with the price lists that it names.
   *
   * @param reader reads a list that the catalogue does not have
   * @param age how old prices may be
   * @throws InputException when the spec or a list cannot be used
   */
  public static SpecText of(
      String source, String text, Function<String, PriceText> reader, PriceAge age) {
    Map<String, PriceText> lists = new HashMap<>();
    Function<String, PriceText> reading = name -> lists.computeIfAbsent(name, reader);
    SpecReader.read(text, source).product(name -> offers(name, reading), age);
    return new SpecText(source, text, lists, age);
  }

  /** All combinations. */
  public Product product() {
    return SpecReader.read(text, source).product(name -> offers(name, lists::get), age);
  }

  private static List<Offer> offers(String name, Function<String, PriceText> lists) {
    if (PriceLists.names().contains(name)) {
      return PriceLists.open(name, Optional.empty()).list().offers();
    }
    PriceText list = lists.apply(name);
    PriceDate day = PriceDate.parse(list.day()).orElseThrow();
    return PriceLists.parse(list.name(), list.text(), day).list().offers();
  }

  /** Rows of all combinations, for one thread. */
  ProductRows rows() {
    Product product = product();
    RowEstimator estimator =
        new RowEstimator(
            Map.of(),
            product.market(),
            product.purchase(),
            GpuCatalog.embedded(),
            Network.FORBIDDEN);
    return new ProductRows(product, estimator);
  }
}
