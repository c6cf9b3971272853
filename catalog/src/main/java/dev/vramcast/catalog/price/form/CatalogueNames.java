package dev.vramcast.catalog.price.form;

import dev.vramcast.catalog.Resources;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.price.form.Findings.Rejection;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What published catalogues call a GPU. The same name is not the same GPU at every provider: {@code
 * H100} is the PCIe card at RunPod, {@code RTX6000} a card of 2018 at Lambda and one of 2025 at
 * Nebius.
 */
public final class CatalogueNames {

  private static final String ANY = "*";

  private static final class Embedded {
    static final List<Alias> ALIASES =
        Resources.lines("prices/names.tsv").stream().skip(1).map(Alias::parse).toList();
  }

  private record Alias(String provider, Pattern instance, String name, String gpu) {

    static Alias parse(String line) {
      String[] cells = line.split("\t", -1);
      Pattern instance = Pattern.compile(cells[1].equals(ANY) ? ".*" : cells[1]);
      return new Alias(cells[0], instance, cells[2], cells[3]);
    }

    boolean means(String provider, String instance, String name) {
      return (this.provider.equals(ANY) || this.provider.equals(provider))
          && this.name.equalsIgnoreCase(name)
          && this.instance.matcher(instance).matches();
    }
  }

  private CatalogueNames() {}

  /**
   * The GPU of a row.
   *
   * @param place of the row
   */
  static Gpu find(String provider, String instance, String name, Place.Line place) {
    try {
      return alias(provider, instance, name)
          .orElseGet(() -> GpuCatalog.embedded().find(name).gpu());
    } catch (InputException e) {
      throw new Rejection(Finding.UNKNOWN_GPU, place, e.error().sentence());
    }
  }

  /** The GPU that a provider means; empty where none, or several with different memory, are. */
  public static Optional<Gpu> known(String provider, String instance, String name) {
    try {
      return Optional.of(find(provider, instance, name, Place.of(name)));
    } catch (Rejection e) {
      return Optional.empty();
    }
  }

  static Optional<Gpu> alias(String provider, String instance, String name) {
    return Embedded.ALIASES.stream()
        .filter(alias -> alias.means(provider, instance, name))
        .findFirst()
        .map(alias -> GpuCatalog.embedded().find(alias.gpu()).gpu());
  }
}
