package dev.vramcast.formats.write.launch;

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
  static List<String> cardAndRental(String format, Place place, String remedy) {
    List<String> warnings = new ArrayList<>();
    place.gpu().ifPresent(gpu -> warnings.add(card(format, gpu.name(), remedy)));
    warnings.addAll(rental(format, place.rental()));
    return warnings;
  }

  static String card(String format, String name, String remedy) {
    return "%s cannot say %s %s: %s"
        .formatted(format, JobKey.GPU.path(), Shown.given(name), remedy);
  }

  /** Nothing of the offer can be said. */
  static List<String> rental(String format, Optional<Rental> rental) {
    return rental
        .map(
            offer ->
                List.of(
                    "%s cannot say the offer: provider %s, instance %s, %s"
                        .formatted(
                            format,
                            Shown.given(offer.provider()),
                            Shown.given(offer.instance()),
                            offer.spot() ? "spot" : "on demand")))
        .orElse(List.of());
  }
}
