package dev.vramcast.catalog.gpu;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobKey;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A device as someone wrote it, taken apart: {@code NVIDIA A100-SXM4-80GB}, {@code rtx4090}, {@code
 * 8xH100}, {@code H100x8}, {@code A100-80GB:8}.
 *
 * @param name the text without the count
 * @param count how many; empty when the text does not say
 * @param words what identifies the device, in lower case; makers' names and product lines that all
 *     cards of a maker share are left out
 */
record GpuName(String name, OptionalInt count, Set<String> words) {

  /** Beyond any name, and short enough for patterns that look at it again and again. */
  private static final int LONGEST = 200;

  private static final Pattern SEPARATORS = Pattern.compile("[^a-z0-9]+");
  private static final Pattern SOCKET = Pattern.compile("sxm\\d");
  private static final Pattern BARE_NUMBER = Pattern.compile("\\d{1,3}");
  private static final Pattern GIGABYTES = Pattern.compile("\\d+(g|gib)");
  private static final Pattern AMPERE = Pattern.compile("^a(\\d000)$");
  private static final Pattern FRONT =
      Pattern.compile("(rtx|rx|gaudi|tpu|pro)((?:pro|[a-z]?)\\d.*)");
  private static final Pattern BACK =
      Pattern.compile("([a-z]*\\d{2,}[a-z]?)(ti|super|xtx?|ada|sxm\\d?|pcie|nvl)(super)?");

  /** Words behind a number, each of which makes another model of it. */
  static final Set<String> MODELS = Set.of("ti", "super", "laptop");

  private static final Set<String> NOISE =
      Set.of(
          "nvidia",
          "geforce",
          "tesla",
          "quadro",
          "amd",
          "instinct",
          "radeon",
          "intel",
          "habana",
          "google",
          "gpu",
          "gpus",
          "card",
          "tensor",
          "core",
          "hbm2",
          "hbm2e",
          "hbm3",
          "hbm3e",
          "my",
          "an",
          "the",
          "our",
          "hgx",
          "nvlink");

  /**
   * Takes a text apart.
   *
   * @throws InputException when it is empty or too long, or its count is out of range
   */
  static GpuName parse(String text) {
    if (text.length() > LONGEST) {
      throw InputError.value(text, " is longer than ", LONGEST, " characters")
          .concerning(JobKey.GPU)
          .refusal();
    }
    CountedGpu counted = GpuFilter.counted(SpokenGpu.plain(text.strip()));
    Set<String> words = words(counted.name());
    if (words.isEmpty()) {
      throw InputError.value(text, " names no GPU")
          .kind(ErrorKind.UNKNOWN)
          .concerning(JobKey.GPU)
          .hint("for example H100 or A100-80GB:8")
          .refusal();
    }
    return new GpuName(counted.name(), counted.count(), words);
  }

  /** The words with each bare number as gigabytes: {@code A100 40}. */
  Set<String> withGigabytes() {
    return words.stream()
        .map(word -> BARE_NUMBER.matcher(word).matches() ? word + "gb" : word)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The count as a word of a name; empty for none. */
  Set<String> counted() {
    return count.isPresent() ? Set.of(String.valueOf(count.getAsInt())) : Set.of();
  }

  /** What identifies a device in a text without a count. */
  static Set<String> words(String name) {
    Set<String> words = new LinkedHashSet<>();
    String previous = "";
    for (String part : SEPARATORS.split(name.toLowerCase(Locale.ROOT))) {
      if (part.equals("gb") || part.equals("gib") || part.equals("g")) {
        words.remove(previous);
        words.add(previous + "gb");
      } else if (!part.isEmpty() && !NOISE.contains(part)) {
        split(part, words);
        previous = part;
      }
    }
    return words.contains("ada") ? withoutOlder(words) : words;
  }

  /** {@code A6000 Ada}: the A is the older generation's, whose successors have none. */
  private static Set<String> withoutOlder(Set<String> words) {
    return words.stream()
        .map(word -> AMPERE.matcher(word).replaceFirst("$1"))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static void split(String part, Set<String> words) {
    Matcher front = FRONT.matcher(part);
    Matcher back = BACK.matcher(part);
    if (front.matches()) {
      words.add(front.group(1));
      split(front.group(2), words);
    } else if (back.matches()) {
      words.add(back.group(1));
      split(back.group(2), words);
      if (back.group(3) != null) {
        words.add(back.group(3));
      }
    } else if (part.equals("gb10")) {
      // What the driver calls the DGX Spark.
      words.add("spark");
    } else if (part.equals("mobile")) {
      words.add("laptop");
    } else if (part.equals("strix")) {
      // The code name of the Ryzen AI Max+ 395, most often with Halo behind it.
      words.add("395");
    } else if (SOCKET.matcher(part).matches()) {
      words.add("sxm");
    } else if (GIGABYTES.matcher(part).matches()) {
      words.add(part.replaceFirst("g.*", "gb"));
    } else {
      words.add(part);
    }
  }
}
