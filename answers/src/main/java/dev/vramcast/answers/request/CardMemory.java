package dev.vramcast.answers.request;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.gpu.GpuFinder;
import dev.vramcast.catalog.gpu.GpuMatch;
import dev.vramcast.catalog.gpu.GpuSize;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.GpuClass;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory that something has to fit: that of a card, or only an amount.
 *
 * @param name for people
 * @param warnings what is to be known of it
 */
public record CardMemory(String name, Optional<Gpu> gpu, long bytes, List<Notice> warnings) {

  /** The option with an amount. */
  public static final String MEMORY = "--memory";

  private static final String SOME_CARD = "a card of ";

  private static final Pattern MARKETED = Pattern.compile("(?i)(\\d{1,4})\\s*GB");

  public CardMemory {
    warnings = List.copyOf(warnings);
  }

  /** This card, with other warnings. */
  public CardMemory warning(List<Notice> others) {
    return new CardMemory(name, gpu, bytes, others);
  }

  /** The card that a job names, or the amount. */
  public static CardMemory of(JobDocument document, Optional<String> memory, GpuFinder gpus) {
    boolean named = document.has(JobKey.GPU);
    if (named == memory.isPresent()) {
      Subject amount = Subject.option(MEMORY);
      InputError error =
          named
              ? InputError.about(amount)
                  .and(" and ", JobKey.GPU, " both say how much there is")
                  .allowed("one of them")
              : InputError.of("nothing to fit")
                  .concerning(JobKey.GPU)
                  .hint("give ", JobKey.GPU, ", or ", amount, " such as 24GB")
                  .kind(ErrorKind.MISSING);
      throw error.refusal();
    }
    return size(document)
        .map(CardMemory::marketed)
        .or(() -> gpus.named(document).map(CardMemory::of))
        .orElseGet(() -> amount(memory.orElseThrow()));
  }

  /** Any card of a size that a job names in place of one. */
  private static Optional<GpuSize> size(JobDocument document) {
    return document.text(JobKey.GPU).flatMap(GpuSize::of);
  }

  /** The job without a size that it names as its card, and with the count that stands beside it. */
  public static JobDocument withoutSize(JobDocument document) {
    return size(document)
        .map(size -> size.counted(document).without(List.of(JobKey.GPU)))
        .orElse(document);
  }

  /** As cards are sold, GiB are GB. */
  private static CardMemory marketed(GpuSize size) {
    return amount(reported(size.number()).isPresent() ? size.number() + "GB" : size.text());
  }

  private static CardMemory of(GpuMatch match) {
    Gpu gpu = match.gpu();
    return new CardMemory(
        gpu.name(), Optional.of(gpu), gpu.allocatableBytes(), match.assumption().stream().toList());
  }

  /** So many cards of a name: {@code 2 × RTX 4090}, {@code 2 cards of 24GB}. */
  public static String counted(int gpus, String name) {
    if (gpus == 1) {
      return name;
    }
    return name.startsWith(SOME_CARD)
        ? gpus + " cards of " + name.substring(SOME_CARD.length())
        : gpus + " × " + name;
  }

  /**
   * A card sold as so many GB gives another amount to programs, so that of the smallest such card
   * is taken.
   */
  private static CardMemory amount(String text) {
    Matcher marketed = MARKETED.matcher(text.strip());
    OptionalLong reported =
        marketed.matches() ? reported(Integer.parseInt(marketed.group(1))) : OptionalLong.empty();
    if (reported.isEmpty()) {
      long bytes = MemoryText.bytes(Subject.option(MEMORY), text);
      if (bytes == 0) {
        throw InputError.about(Subject.option(MEMORY)).is(text).allowed("more than 0").refusal();
      }
      return new CardMemory(text.strip(), Optional.empty(), bytes, List.of());
    }
    String name = SOME_CARD + text.strip();
    Notice note =
        Notice.of(Shown.given(text.strip()))
            .and(" is taken as what the smallest card sold as that gives programs, ")
            .and(reported.getAsLong() >> 20, " MiB");
    return new CardMemory(name, Optional.empty(), reported.getAsLong(), List.of(note));
  }

  private static OptionalLong reported(int gigabytes) {
    return GpuCatalog.embedded().all().stream()
        .filter(gpu -> gpu.memory().marketedGigabytes() == gigabytes)
        .filter(gpu -> gpu.gpuClass() != GpuClass.UNIFIED)
        .mapToLong(gpu -> gpu.allocatableBytes())
        .min();
  }
}
