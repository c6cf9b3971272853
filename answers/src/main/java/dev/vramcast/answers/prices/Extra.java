package dev.vramcast.answers.prices;

import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.OfferTerms;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is paid beside a machine, of which a list may have a price or not, each on its own. */
public enum Extra {
  /** Of what is on the machine's disk, by the hour. */
  STORAGE("that of the run's disk for the time that is billed"),
  /** What is carried home, once. */
  TRAFFIC("what is carried home");

  /** How many offers have a price of it. */
  private enum Share {
    ALL,
    SOME,
    NONE
  }

  private final String meant;

  Extra(String meant) {
    this.meant = meant;
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  private boolean isPriced(OfferTerms terms) {
    return switch (this) {
      case STORAGE -> terms.storageUsdPerGbMonth().isPresent();
      case TRAFFIC -> terms.egressUsdPerGb().isPresent();
    };
  }

  private Share share(List<Offer> offers) {
    long priced = offers.stream().filter(offer -> isPriced(offer.terms())).count();
    if (priced == 0) {
      return Share.NONE;
    }
    return priced == offers.size() ? Share.ALL : Share.SOME;
  }

  /** Those of which an offer has a price, in words. */
  public static String priced(Offer offer) {
    return Stream.of(values())
        .filter(extra -> extra.isPriced(offer.terms()))
        .map(Extra::word)
        .collect(Collectors.joining(" and "));
  }

  /** What is counted of them, one sentence without its end. */
  public static String counted(List<Offer> offers) {
    Share storage = STORAGE.share(offers);
    if (storage != TRAFFIC.share(offers)) {
      return sentence(
          Stream.of(values())
              .sorted(Comparator.comparing(extra -> extra.share(offers)))
              .map(extra -> extra.word() + " is " + extra.counted(extra.share(offers)))
              .collect(Collectors.joining("; ")));
    }
    return switch (storage) {
      case NONE -> "Storage and traffic are in no price";
      case SOME ->
          "Storage and traffic are counted where the list has their prices, and in no other price";
      case ALL ->
          "Storage is %s, traffic %s, by the prices of the list"
              .formatted(STORAGE.meant, TRAFFIC.meant);
    };
  }

  private String counted(Share share) {
    return switch (share) {
      case ALL -> meant + ", by the prices of the list";
      case SOME -> "counted where the list has its price, and in no other price";
      case NONE -> "in no price";
    };
  }

  /** Which of them, and what else that is billed, is not in figures; one sentence. */
  public static String leftOut(List<Offer> offers) {
    Stream<String> parts =
        STORAGE.share(offers) == TRAFFIC.share(offers)
            ? STORAGE.left(offers, "storage and traffic", "them")
            : Arrays.stream(values()).flatMap(extra -> extra.left(offers, extra.word(), "it"));
    String least = "the least time that is billed where a list has it not.";
    return sentence(Stream.concat(parts, Stream.of(least)).collect(Collectors.joining("; ")));
  }

  private Stream<String> left(List<Offer> offers, String words, String them) {
    return switch (share(offers)) {
      case ALL -> Stream.empty();
      case SOME -> Stream.of(words + " where a list has no price of " + them);
      case NONE -> Stream.of(words);
    };
  }

  private static String sentence(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
