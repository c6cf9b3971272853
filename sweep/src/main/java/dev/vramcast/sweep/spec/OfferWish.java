package dev.vramcast.sweep.spec;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.NearestName;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.market.AgeLimit;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.input.tree.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which offers a spec asks for.
 *
 * @param lists names or files of price lists; none for those that every command takes
 * @param each whether each offer is a row; else a row takes the cheapest
 * @param limit how old prices may be; empty where the spec does not say
 */
record OfferWish(
    List<String> lists,
    List<String> providers,
    List<String> regions,
    List<Purchase> purchases,
    boolean each,
    Optional<AgeLimit> limit,
    Optional<Place> place) {

  /** The cheapest on-demand offer of the market. */
  static final OfferWish NONE =
      new OfferWish(
          List.of(),
          List.of(),
          List.of(),
          List.of(Purchase.ON_DEMAND),
          false,
          Optional.empty(),
          Optional.empty());

  static final Subject OFFERS = new Subject.Item("offers");
  private static final Subject PURCHASE = new Subject.Item("offers.purchase");

  private static final String MAX_PRICE_AGE = "max_price_age";
  private static final Subject AGE = new Subject.Item("offers." + MAX_PRICE_AGE);

  private static final Set<String> KEYS =
      Set.of("lists", "providers", "regions", "purchase", "rows", MAX_PRICE_AGE);
  private static final String CHEAPEST = "cheapest";

  static OfferWish of(Node node, String source) {
    Place place = node.place(source);
    if ("all".equals(node.value())) {
      return new OfferWish(
          NONE.lists,
          List.of(),
          List.of(),
          NONE.purchases,
          true,
          Optional.empty(),
          Optional.of(place));
    }
    if (CHEAPEST.equals(node.value())) {
      return NONE;
    }
    if (!(node instanceof Node.Fields fields)) {
      throw InputError.about(OFFERS)
          .at(place)
          .is(node.value())
          .allowed(
              "all, cheapest, or an object with ",
              String.join(", ", KEYS.stream().sorted().toList()))
          .refusal();
    }
    fields
        .fields()
        .forEach(
            (name, value) -> {
              if (!KEYS.contains(name)) {
                throw InputError.unknown("key", "offers." + name, NearestName.of(name, KEYS))
                    .at(value.place(source))
                    .refusal();
              }
            });
    List<String> lists = words(fields, "lists", source);
    return new OfferWish(
        lists.isEmpty() ? NONE.lists : lists,
        lower(words(fields, "providers", source)),
        lower(words(fields, "regions", source)),
        purchases(words(fields, "purchase", source), place),
        !words(fields, "rows", source).equals(List.of(CHEAPEST)),
        limit(fields, source),
        Optional.of(place));
  }

  private static Optional<AgeLimit> limit(Node.Fields fields, String source) {
    Node node = fields.fields().get(MAX_PRICE_AGE);
    if (node == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(AgeLimit.parse(String.valueOf(node.value()), AGE));
    } catch (InputException e) {
      throw e.error().at(node.place(source)).refusal(e);
    }
  }

  private static List<String> words(Node.Fields fields, String name, String source) {
    Node node = fields.fields().get(name);
    return node == null ? List.of() : SpecNames.of(node, "offers." + name, source).names();
  }

  private static List<String> lower(List<String> words) {
    return words.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
  }

  private static List<Purchase> purchases(List<String> words, Place place) {
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
                            InputError.about(PURCHASE)
                                .at(place)
                                .has(word)
                                .allowed("on-demand, spot")
                                .refusal()))
        .toList();
  }
}
