package dev.vramcast.catalog.machine;

import static dev.vramcast.core.units.Multiples.MIB;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.gpu.GpuFinder;
import dev.vramcast.catalog.gpu.GpuMatch;
import dev.vramcast.catalog.machine.Machine.Found;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.document.JobKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Knows the GPUs of this machine as {@code local}, one of them, or {@code local:4}, four of them;
 * any other name is one of the catalogue. Of a local card the driver says how much memory it has,
 * which ECC may make less than the catalogue has, and how much of that is in use; the rest is the
 * catalogue's.
 */
public final class LocalGpus implements GpuFinder {

  /** The name of a card of this machine. */
  public static final String NAME = "local";

  private static final Pattern LOCAL =
      Pattern.compile("local(?:\\s*:\\s*(\\d{1,4}))?", Pattern.CASE_INSENSITIVE);

  /** An idle card has some megabytes in use, which nobody has to be told. */
  private static final long IDLE_MIB = 64;

  private final Machine machine;

  /** What was found when it was first asked for; null until then. */
  private @Nullable List<Found> found;

  LocalGpus(Machine machine) {
    this.machine = machine;
  }

  /** Looks for the drivers' programs where {@code PATH} among the variables says. */
  public static LocalGpus of(Map<String, String> variables) {
    return new LocalGpus(Machine.of(variables));
  }

  /**
   * Of cards that differ, or of which others use some, those with most free memory are meant, and
   * of several the one with least decides.
   *
   * @throws InputException also when no driver answers, when the cards of this machine are not in
   *     the catalogue, or when there are too few
   */
  @Override
  public GpuMatch find(String text) {
    Matcher local = LOCAL.matcher(text.strip());
    if (!local.matches()) {
      return GpuCatalog.embedded().find(text);
    }
    List<Found> cards = cards();
    OptionalInt asked = asked(local.group(1), cards.size());
    Found decides = cards.get(asked.orElse(1) - 1);
    return new GpuMatch(decides.gpu(), asked, true, Optional.of(notice(cards, asked, decides)));
  }

  private synchronized List<Found> cards() {
    List<Found> known = found;
    if (known == null) {
      known = machine.cards();
      found = known;
    }
    return known;
  }

  private static OptionalInt asked(@Nullable String digits, int present) {
    if (digits == null) {
      return OptionalInt.empty();
    }
    int count = Integer.parseInt(digits);
    if (count < 1 || count > present) {
      throw InputError.of(
              "'local:", digits, "' asks for ", count, " GPUs, this machine has ", present)
          .kind(ErrorKind.NO_MATCH)
          .concerning(JobKey.GPU)
          .refusal();
    }
    return OptionalInt.of(count);
  }

  /** What was found, and which of it the answer is about. */
  private Notice notice(List<Found> cards, OptionalInt asked, Found decides) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    cards.forEach(card -> counts.merge(card.gpu().name(), 1, Integer::sum));
    Notice notice = Notice.of("this machine has ");
    String comma = "";
    for (Map.Entry<String, Integer> each : counts.entrySet()) {
      notice = notice.and(comma, each.getValue(), " × ", each.getKey());
      comma = ", ";
    }
    notice = notice.and(machine.windows() ? ", seen from WSL" : "");
    if (cards.size() > 1) {
      notice = notice.and(about(cards, asked, decides));
    }
    long used = decides.card().usedBytes() / MIB;
    return used < IDLE_MIB
        ? notice
        : notice
            .and("; ", used, " MiB of it are in use, which the job cannot have")
            .and(", and a card given by its name counts as empty");
  }

  private static String about(List<Found> cards, OptionalInt asked, Found decides) {
    int count = asked.orElse(1);
    String which = "number " + decides.card().index();
    if (count == 1) {
      return "; this is about "
          + which
          + ", which has most free; 'local:"
          + cards.size()
          + "' asks about all of them";
    }
    return "; of " + count + " of them " + which + " decides, which has least free";
  }
}
