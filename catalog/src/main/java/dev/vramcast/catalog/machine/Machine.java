package dev.vramcast.catalog.machine;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The machine that the program runs on.
 *
 * @param windows whether Windows' driver has the cards, as under WSL
 */
record Machine(NvidiaSmi nvidia, RocmSmi rocm, boolean windows) {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** What WSL sets in every shell. */
  private static final List<String> WSL = List.of("WSL_DISTRO_NAME", "WSL_INTEROP");

  /** A card with what the catalogue knows of it. */
  record Found(LocalCard card, Gpu gpu) {

    long freeBytes() {
      return gpu.allocatableBytes();
    }
  }

  /** The machine of a process with such variables; {@code PATH} says where programs are. */
  static Machine of(Map<String, String> variables) {
    return of(variables, TIMEOUT);
  }

  static Machine of(Map<String, String> variables, Duration timeout) {
    String path = variables.getOrDefault("PATH", "");
    return new Machine(
        NvidiaSmi.in(path, timeout),
        RocmSmi.in(path, timeout),
        WSL.stream().anyMatch(variables::containsKey));
  }

  /**
   * Its cards, of which at least one is of the catalogue; the one with most free memory first.
   * Others, such as the graphics of a processor, are left out.
   *
   * @throws InputException when there is none, or no driver answers as it should
   */
  List<Found> cards() {
    List<LocalCard> cards = listed();
    List<Found> found = new ArrayList<>();
    for (LocalCard card : cards) {
      card.known(windows).ifPresent(gpu -> found.add(new Found(card, gpu)));
    }
    if (found.isEmpty()) {
      LocalCard first = cards.get(0);
      throw InputError.of("the GPU of this machine, ", Shown.given(first.name()))
          .kind(ErrorKind.UNKNOWN)
          .and(first.mebibytes().isPresent() ? " with " + first.mebibytes().getAsLong() : "")
          .and(first.mebibytes().isPresent() ? " MiB" : "", ", is not in the catalogue")
          .concerning(JobKey.GPU)
          .refusal();
    }
    return found.stream().sorted(Comparator.comparingLong(Found::freeBytes).reversed()).toList();
  }

  private List<LocalCard> listed() {
    Optional<Path> first = nvidia.program().file();
    Optional<Path> second = rocm.program().file();
    if (first.isEmpty() && second.isEmpty()) {
      throw InputError.of("no local GPU is found, because there is no ", NvidiaSmi.NAME)
          .kind(ErrorKind.UNAVAILABLE)
          .and(" and no ", RocmSmi.NAME, " in PATH")
          .refusal();
    }
    try {
      if (first.isPresent()) {
        return nvidia.cards(first.get());
      }
    } catch (InputException e) {
      if (second.isEmpty()) {
        throw e;
      }
    }
    return rocm.cards(second.orElseThrow());
  }
}
