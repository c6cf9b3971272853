package dev.vramcast.sweep.spec;

import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.NearestName;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.formats.tree.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which offers a spec asks for.
 *
 * @param lists names or files of price lists
 * @param each whether each offer is a row; else a row takes the cheapest
 */
record OfferWish(
    List<String> lists,
    List<String> providers,
    List<String> regions,
    List<Purchase> purchases,
    boolean each,
    String origin) {

  /** The cheapest on-demand offer of the market. */
  static final OfferWish NONE =
      new OfferWish(
          List.of(PriceLists.MARKET), List.of(), List.of(), List.of(Purchase.ON_DEMAND), false, "");

  private static final Set<String> KEYS =
      Set.of("lists", "providers", "regions", "purchase", "rows");
  private static final String CHEAPEST = "cheapest";

  static OfferWish of(Node node, String source) {
    String origin = source + " line " + node.line() + ": offers";
    if ("all".equals(node.value())) {
      return new OfferWish(NONE.lists, List.of(), List.of(), NONE.purchases, true, origin);
    }
    if (CHEAPEST.equals(node.value())) {
      return NONE;
    }
    if (!(node instanceof Node.Fields fields)) {
      throw new InputException(
          origin
              + " is "
              + Shown.given(node.value())
              + ", allowed: all, cheapest, or an object with "
              + String.join(", ", KEYS.stream().sorted().toList()));
    }
    fields
        .fields()
        .forEach(
            (name, value) -> {
              if (!KEYS.contains(name)) {
                throw new InputException(
                    source
                        + " line "
                        + value.line()
                        + ": unknown key "
                        + Shown.given("offers." + name)
                        + NearestName.hint(name, KEYS));
              }
            });
    List<String> lists = words(fields, "lists", source);
    return new OfferWish(
        lists.isEmpty() ? NONE.lists : lists,
        lower(words(fields, "providers", source)),
        lower(words(fields, "regions", source)),
        purchases(words(fields, "purchase", source), origin),
        !words(fields, "rows", source).equals(List.of(CHEAPEST)),
        origin);
  }

  private static List<String> words(Node.Fields fields, String name, String source) {
    Node node = fields.fields().get(name);
    return node == null ? List.of() : SpecNames.of(node, "offers." + name, source).names();
  }

  private static List<String> lower(List<String> words) {
    return words.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
  }

  private static List<Purchase> purchases(List<String> words, String origin) {
    if (words.isEmpty()) {
      return NONE.purchases;
    }
    return words.stream()
        .map(
            word ->
                Arrays.stream(Purchase.values())
                    .filter(way -> way.label().equals(word))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new InputException(
                                origin
                                    + ".purchase has "
                                    + Shown.given(word)
                                    + ", allowed: on-demand, spot")))
        .toList();
  }
}
