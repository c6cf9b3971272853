package dev.vramcast.core.market;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * How old prices may be that count.
 *
 * @param days since the last day on which a price held; empty for any age
 */
public record AgeLimit(OptionalInt days) {

  /** The option that sets it. */
  public static final String OPTION = "--max-price-age";

  /** Days after which a price of a market that moves is no longer asked for. */
  public static final int USUAL_DAYS = 120;

  private static final int MOST_DAYS = 36_500;

  /** Prices of any age. */
  public static final AgeLimit NONE = new AgeLimit(OptionalInt.empty());

  /** What holds where nobody says. */
  public static final AgeLimit USUAL = new AgeLimit(OptionalInt.of(USUAL_DAYS));

  /** Reads {@code 120}, {@code 120d} or {@code any}. */
  public static AgeLimit parse(String text) {
    return parse(text, Subject.option(OPTION));
  }

  /**
   * As {@link #parse(String)}.
   *
   * @param subject names it in messages
   */
  public static AgeLimit parse(String text, Subject subject) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    if (word.equals("any")) {
      return NONE;
    }
    String digits = word.endsWith("d") ? word.substring(0, word.length() - 1) : word;
    if (digits.matches("\\d{1,5}") && Integer.parseInt(digits) <= MOST_DAYS) {
      return new AgeLimit(OptionalInt.of(Integer.parseInt(digits)));
    }
    throw InputError.about(subject)
        .is(text)
        .allowed("days from 0 to ", MOST_DAYS, ", or any")
        .refusal();
  }

  /**
   * What became of offers.
   *
   * @param offers those that count
   * @param leftOut how many others there are
   * @param allOld whether none is young enough, so that the youngest of each card count
   */
  public record Kept(List<Offer> offers, int leftOut, boolean allOld) {}

  /** The offers that are young enough; where none is, the youngest of each card. */
  public Kept of(List<Offer> offers, LocalDate today) {
    return of(offers, offer -> true, today);
  }

  /**
   * As {@link #of(List, LocalDate)}, of a market of which a part is asked for: the age of that part
   * alone decides, and its youngest are kept whatever machines of the same cards are younger.
   */
  public Kept of(List<Offer> offers, Predicate<Offer> asked, LocalDate today) {
    List<Offer> part = offers.stream().filter(asked).toList();
    List<Offer> decide = part.isEmpty() ? offers : part;
    boolean anyYoung = decide.stream().anyMatch(offer -> isYoung(offer, today));
    Set<Offer> young = new HashSet<>();
    if (!anyYoung) {
      young.addAll(youngest(part, today));
      young.addAll(youngest(offers.stream().filter(asked.negate()).toList(), today));
    }
    List<Offer> kept =
        offers.stream()
            .filter(offer -> anyYoung ? isYoung(offer, today) : young.contains(offer))
            .toList();
    return new Kept(kept, offers.size() - kept.size(), !anyYoung);
  }

  /** As {@link #of(List, LocalDate)} where nobody says how old prices may be. */
  public static List<Offer> usual(List<Offer> offers, LocalDate today) {
    return USUAL.of(offers, today).offers();
  }

  /**
   * The offers of each kind of machine, so many of a card, that are young enough; where none of it
   * is, the youngest of it.
   */
  public List<Offer> ofEachMachine(List<Offer> offers, LocalDate today) {
    Map<Machine, List<Offer>> alike =
        offers.stream()
            .collect(Collectors.groupingBy(each -> new Machine(each.gpu(), each.count())));
    Set<Offer> kept = new HashSet<>();
    alike.values().forEach(each -> kept.addAll(of(each, today).offers()));
    return offers.stream().filter(kept::contains).toList();
  }

  private record Machine(Gpu gpu, int count) {}

  /** Whether an offer counts by its own age. */
  public boolean isYoung(Offer offer, LocalDate today) {
    return days.isEmpty() || age(offer, today) <= days.getAsInt();
  }

  /** Of a span of days the last one counts. */
  private static long age(Offer offer, LocalDate today) {
    return offer.asOf().age(today).leastDays();
  }

  private static List<Offer> youngest(List<Offer> offers, LocalDate today) {
    Map<Gpu, Long> least = new HashMap<>();
    offers.forEach(offer -> least.merge(offer.gpu(), age(offer, today), Math::min));
    return offers.stream()
        .filter(
            offer -> Optional.ofNullable(least.get(offer.gpu())).orElseThrow() == age(offer, today))
        .toList();
  }
}
