package dev.vramcast.formats.write.launch;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.write.Place;
import dev.vramcast.formats.write.Place.Rental;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a launcher cannot say of the place. */
final class LaunchWarnings {

  private LaunchWarnings() {}

  /** A file that runs where it is put: neither card nor provider. */
  static List<Notice> cardAndRental(String format, Place place, String remedy) {
    List<Notice> warnings = new ArrayList<>();
    place.gpu().ifPresent(gpu -> warnings.add(card(format, gpu.name(), remedy)));
    warnings.addAll(rental(format, place.rental()));
    return warnings;
  }

  static Notice card(String format, String name, String remedy) {
    return Notice.of(format, " cannot say ", JobKey.GPU, " ", Shown.given(name), ": ", remedy);
  }

  /** Nothing of the offer can be said. */
  static List<Notice> rental(String format, Optional<Rental> rental) {
    return rental
        .map(
            offer ->
                List.of(
                    Notice.of(
                        format,
                        " cannot say the offer: provider ",
                        Shown.given(offer.provider()),
                        ", instance ",
                        Shown.given(offer.instance()),
                        offer.spot() ? ", spot" : ", on demand")))
        .orElse(List.of());
  }
}
