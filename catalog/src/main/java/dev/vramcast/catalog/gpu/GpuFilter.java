package dev.vramcast.catalog.gpu;

import dev.vramcast.catalog.cloud.Instances;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.market.Offer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which devices, and how many of them, as SkyPilot and dstack write it: parts divided by colons,
 * each a maker, a size of memory, a count, or names divided by commas, in any order and all of them
 * optional. {@code 24GB..}, {@code 16GB..48GB}, {@code nvidia:40GB+:8}, {@code A10G,A100:1..4}; or
 * as people say it, {@code 8xA100}.
 *
 * <p>Sizes are those on the box, in which an A10 with 23,028 MiB has 24 GB. A name means every
 * device that it fits: {@code A100} those with 40 and those with 80 GB, {@code blackwell} the whole
 * generation.
 */
public final class GpuFilter {

  private static final Subject LIST = new Subject.Operation("gpus");

  private static final int LONGEST = 200;

  /** The least of a name that is looked for within others: every list has some with a B. */
  private static final int SHORTEST_PART = 2;

  /** The least of a part that need not begin a word. */
  private static final int SHORTEST_WITHIN = 4;

  /** What {@code 24GB} is misspelt as: {@code 24XB}, {@code 24XBC}, {@code 24B}, {@code 24}. */
  private static final Pattern MISSPELT_SIZE = Pattern.compile("(\\d{1,4})(?:[a-z]{0,2}b[a-z]?)?");

  private final String text;
  private Optional<Vendor> vendor = Optional.empty();
  private NumberRange gigabytes = NumberRange.ANY;
  private NumberRange counts = NumberRange.ANY;
  private final List<String> names = new ArrayList<>();

  private GpuFilter(String text) {
    this.text = text;
  }

  /** Reads a filter; an {@link InputException} when it is empty or says something twice. */
  public static GpuFilter parse(String text) {
    GpuFilter filter = new GpuFilter(text.strip());
    if (filter.text.isEmpty() || filter.text.length() > LONGEST) {
      throw filter.failure("is no filter; for example 24GB.., A100:8 or nvidia:16GB..48GB");
    }
    for (String part : filter.text.toLowerCase(Locale.ROOT).split(":", -1)) {
      filter.read(part.strip());
    }
    return filter;
  }

  /** Whether a text asks for a size of memory and for no name. */
  static boolean isRange(String text) {
    if (text.length() > LONGEST) {
      return false;
    }
    List<String> parts = List.of(text.strip().toLowerCase(Locale.ROOT).split(":"));
    return parts.stream().anyMatch(part -> NumberRange.ofGigabytes(part.strip()).isPresent())
        && parts.stream().noneMatch(GpuFilter::isName);
  }

  /** Whether a machine with so many devices is meant. */
  public boolean matchesCount(int count) {
    return counts.contains(count);
  }

  /** How many devices a machine has; empty of any number, or of several. */
  OptionalInt count() {
    return counts.isOne() ? OptionalInt.of(counts.least()) : OptionalInt.empty();
  }

  boolean matches(GpuRow row) {
    return isOfSize(row) && (names.isEmpty() || names.stream().anyMatch(name -> fits(name, row)));
  }

  /** Whether a device goes by the number of one that is named, or is of a series that is. */
  boolean isAkin(GpuRow row) {
    return isOfSize(row) && names.stream().anyMatch(name -> row.isAkin(GpuName.words(name)));
  }

  private boolean isOfSize(GpuRow row) {
    Gpu gpu = row.gpu();
    return vendor.map(maker -> maker == gpu.vendor()).orElse(true)
        && gigabytes.contains(gpu.memory().marketedGigabytes());
  }

  /** With names that blanks alone divide, as in {@code 4090 5090}, where they fit one by one. */
  GpuFilter divided(Collection<GpuRow> known) {
    GpuFilter divided = new GpuFilter(text);
    divided.vendor = vendor;
    divided.gigabytes = gigabytes;
    divided.counts = counts;
    names.forEach(name -> divided.names.addAll(divided(name, known)));
    return divided;
  }

  private static List<String> divided(String name, Collection<GpuRow> known) {
    List<String> words = List.of(name.split("\\s+"));
    if (words.size() == 1 || fitsAny(name, known)) {
      return List.of(name);
    }
    List<String> parts = new ArrayList<>();
    for (int start = 0; start < words.size(); ) {
      int end = words.size();
      while (end > start && !isOne(String.join(" ", words.subList(start, end)), known)) {
        end--;
      }
      if (end == start) {
        return List.of(name);
      }
      parts.add(String.join(" ", words.subList(start, end)));
      start = end;
    }
    return parts;
  }

  /** By a number or a generation: {@code rtx} alone is the beginning of a name. */
  private static boolean isOne(String part, Collection<GpuRow> known) {
    boolean told =
        part.chars().anyMatch(Character::isDigit)
            || known.stream().anyMatch(row -> row.remark().architecture().equalsIgnoreCase(part));
    return told && fitsAny(part, known);
  }

  private static boolean fitsAny(String name, Collection<GpuRow> known) {
    return known.stream().anyMatch(row -> fits(name, row));
  }

  InputException matchesNothing() {
    return failure("matches no GPU");
  }

  /**
   * Refuses a name that fits none of the devices, though others in the list may.
   *
   * @throws InputException with the nearest name
   */
  void refuseUnknown(Collection<GpuRow> known) {
    refuse(known, name -> fitsAny(name, known));
  }

  /** As {@link #refuseUnknown}, where devices may go by a number or a series that is named. */
  void refuseUnrelated(Collection<GpuRow> known) {
    refuse(known, name -> fitsAny(name, known) || isAkinToAny(name, known));
  }

  private static boolean isAkinToAny(String name, Collection<GpuRow> known) {
    return known.stream().anyMatch(row -> row.isAkin(GpuName.words(name)));
  }

  private void refuse(Collection<GpuRow> known, Predicate<String> isKnown) {
    for (String name : names) {
      if (!isKnown.test(name)) {
        InputError error = InputError.value(written(name), " matches no GPU");
        throw near(error.concerning(JobKey.GPU), name, known).kind(ErrorKind.UNKNOWN).refusal();
      }
    }
  }

  /** A name in the letters that it was given in. */
  private String written(String name) {
    int start = text.toLowerCase(Locale.ROOT).indexOf(name);
    boolean found = start >= 0 && start + name.length() <= text.length();
    String given = found ? text.substring(start, start + name.length()) : name;
    return given.equalsIgnoreCase(name) ? given : name;
  }

  private static InputError near(InputError error, String name, Collection<GpuRow> known) {
    Optional<String> near = near(name, known);
    return near.isPresent() ? error.nearest(near) : error.hint(LIST, " lists them");
  }

  /** A size, a cloud's machine or a device that was probably meant. */
  static Optional<String> near(String name, Collection<GpuRow> known) {
    return size(name, known).or(() -> Instances.near(name)).or(() -> NearGpu.of(name, known));
  }

  /** The size of memory that was meant, where devices have it. */
  private static Optional<String> size(String name, Collection<GpuRow> known) {
    Matcher size = MISSPELT_SIZE.matcher(name.toLowerCase(Locale.ROOT));
    return Optional.of(size)
        .filter(Matcher::matches)
        .map(found -> Integer.parseInt(found.group(1)))
        .filter(
            gigabytes ->
                known.stream().anyMatch(row -> row.gpu().memory().marketedGigabytes() == gigabytes))
        .map(gigabytes -> gigabytes + "GB");
  }

  /** A size that is misspelt is no count of a card B. */
  static CountedGpu counted(String name) {
    return MISSPELT_SIZE.matcher(name.toLowerCase(Locale.ROOT)).matches()
        ? new CountedGpu(name, OptionalInt.empty())
        : CountedGpu.of(name);
  }

  /** Whether GPUs of a list have each their own count, as in {@code H100:8,A100:4}. */
  static boolean countsEach(String text) {
    int last = text.lastIndexOf(',');
    return last > 0
        && Arrays.stream(text.substring(0, last).split(",", -1))
            .map(one -> one.substring(one.lastIndexOf(':') + 1).strip())
            .allMatch(count -> NumberRange.ofCount(count).isPresent())
        && text.substring(0, last).contains(":");
  }

  /** Whether a part of a filter is a list of names. */
  static boolean isName(String part) {
    String word = part.strip().toLowerCase(Locale.ROOT);
    return maker(word).isEmpty()
        && NumberRange.ofGigabytes(word).isEmpty()
        && NumberRange.ofCount(word).isEmpty();
  }

  private static Optional<Vendor> maker(String part) {
    return Arrays.stream(Vendor.values())
        .filter(vendor -> vendor.label().equalsIgnoreCase(part))
        .findFirst();
  }

  private void read(String part) {
    Optional<Vendor> maker = maker(part);
    Optional<NumberRange> size = NumberRange.ofGigabytes(part);
    Optional<NumberRange> number = NumberRange.ofCount(part);
    if (part.isEmpty()) {
      throw failure("has an empty part");
    } else if (maker.isPresent()) {
      refuseSecond(vendor.isPresent(), "maker");
      vendor = maker;
    } else if (size.isPresent()) {
      refuseSecond(!gigabytes.equals(NumberRange.ANY), "size of memory");
      gigabytes = size.get();
    } else if (number.isPresent()) {
      refuseCount(number.get().most() < 1, part);
      refuseSecond(!counts.equals(NumberRange.ANY), "count");
      counts = number.get();
    } else {
      refuseCount(!names.isEmpty() && NumberRange.isNumber(part), part);
      refuseSecond(!names.isEmpty(), "list of names");
      Arrays.stream(part.split(","))
          .flatMap(name -> SpokenGpu.names(name.strip()).stream())
          .map(GpuFilter::counted)
          .forEach(this::add);
      if (names.stream().anyMatch(String::isEmpty) || names.isEmpty()) {
        throw failure("has an empty name");
      }
    }
  }

  /** A name may have its count at itself, as in 2x4090; all of a list then have the same. */
  private void add(CountedGpu counted) {
    names.add(counted.name());
    counted
        .count()
        .ifPresent(
            count -> {
              NumberRange number = new NumberRange(count, count);
              refuseSecond(!counts.equals(NumberRange.ANY) && !counts.equals(number), "count");
              counts = number;
            });
  }

  /** By words, so that L40 is not L40S; or by a part of the name or of the generation's. */
  private static boolean fits(String name, GpuRow row) {
    Set<String> words = GpuName.words(name);
    boolean named = !words.isEmpty() && row.isOneOf(words);
    boolean digits = name.chars().anyMatch(Character::isDigit);
    String within = row.remark().architecture() + (digits ? "" : " " + row.name());
    // Few letters are within many names, but begin few words of them.
    String before = name.length() < SHORTEST_WITHIN ? " " : "";
    return named
        || name.length() >= SHORTEST_PART
            && (" " + within).toLowerCase(Locale.ROOT).contains(before + name);
  }

  private void refuseCount(boolean wrong, String count) {
    if (wrong) {
      throw failure("has " + count + " for a count, allowed: 1 to " + Offer.MAX_COUNT);
    }
  }

  private void refuseSecond(boolean present, String what) {
    if (present) {
      throw failure("has a second " + what);
    }
  }

  private InputException failure(String what) {
    return InputError.value(text, " ", what).concerning(JobKey.GPU).refusal();
  }
}
