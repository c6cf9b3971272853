package dev.vramcast.catalog.gpu;

import dev.vramcast.catalog.gpu.NvidiaSmi.Card;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.MemorySize;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Knows the GPUs of this machine as {@code local}, one of them, or {@code local:4}, four of them;
 * any other name is one of the catalogue. Of a local card the driver says how much memory it has,
 * which ECC may make less than the catalogue has; the rest is the catalogue's.
 */
public final class LocalGpus implements GpuFinder {

  /** The name of a card of this machine. */
  public static final String NAME = "local";

  private static final Pattern LOCAL =
      Pattern.compile("local(?:\\s*:\\s*(\\d{1,4}))?", Pattern.CASE_INSENSITIVE);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Beyond ECC and drivers' habits: what differs by more is another card of the same name. */
  private static final double MOST_DIFFERENCE = 0.1;

  private final NvidiaSmi driver;

  LocalGpus(NvidiaSmi driver) {
    this.driver = driver;
  }

  /** Looks for the driver's program where {@code PATH} among the variables says. */
  public static LocalGpus of(Map<String, String> variables) {
    return new LocalGpus(new NvidiaSmi(variables.getOrDefault("PATH", ""), TIMEOUT));
  }

  /**
   * @throws InputException also when the driver does not answer, when the cards of this machine
   *     differ, when they are not in the catalogue, or when there are too few
   */
  @Override
  public GpuMatch find(String text) {
    Matcher local = LOCAL.matcher(text.strip());
    if (!local.matches()) {
      return GpuCatalog.embedded().find(text);
    }
    List<Card> cards = driver.cards();
    if (cards.stream().distinct().count() > 1) {
      String names =
          cards.stream().map(card -> Shown.given(card.name())).collect(Collectors.joining(", "));
      throw InputError.of("the GPUs of this machine differ: ", names)
          .concerning(JobKey.GPU)
          .hint("say which")
          .refusal();
    }
    Gpu gpu = known(cards.get(0));
    Optional<Notice> rest =
        cards.size() == 1 || local.group(1) != null
            ? Optional.empty()
            : Optional.of(
                Notice.of("this machine has ", cards.size(), " of ", Shown.given(gpu.name()))
                    .and("; 'local:", cards.size(), "' asks about all of them"));
    return new GpuMatch(gpu, count(local.group(1), cards.size()), rest);
  }

  private static OptionalInt count(String digits, int present) {
    if (digits == null) {
      return OptionalInt.empty();
    }
    int count = Integer.parseInt(digits);
    if (count < 1 || count > present) {
      throw InputError.of(
              "'local:", digits, "' asks for ", count, " GPUs, this machine has ", present)
          .concerning(JobKey.GPU)
          .refusal();
    }
    return OptionalInt.of(count);
  }

  private static Gpu known(Card card) {
    Gpu gpu =
        named(card.name())
            .or(() -> named(card.name() + " " + Math.round(card.mebibytes() / 1024.0) + "GB"))
            .filter(found -> isAlike(found.memory(), card.mebibytes()))
            .orElseThrow(
                () ->
                    InputError.of(
                            "the GPU of this machine, ",
                            Shown.given(card.name()),
                            " with ",
                            card.mebibytes(),
                            " MiB, is not in the catalogue")
                        .concerning(JobKey.GPU)
                        .refusal());
    return gpu.with(gpu.memory().reportedAs(card.mebibytes()));
  }

  private static Optional<Gpu> named(String name) {
    try {
      return Optional.of(GpuCatalog.embedded().find(name).gpu());
    } catch (InputException e) {
      return Optional.empty();
    }
  }

  private static boolean isAlike(MemorySize memory, long mebibytes) {
    return Math.abs(mebibytes - memory.mebibytes()) <= MOST_DIFFERENCE * memory.mebibytes();
  }
}
