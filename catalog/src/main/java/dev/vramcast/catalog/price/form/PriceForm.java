package dev.vramcast.catalog.price.form;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** The kinds of price files, told apart by their columns. */
public enum PriceForm {
  /** This program's own. */
  OWN("vramcast", Set.of("gpu")),
  /** {@code vms.csv} of github.com/skypilot-org/skypilot-catalog. */
  SKYPILOT("SkyPilot catalogue", Set.of("instancetype", "acceleratorname", "price")),
  /** A provider's CSV as dstack's gpuhunt publishes it. */
  GPUHUNT("gpuhunt", Set.of("instance_name", "gpu_name", "gpu_count", "price", "spot"));

  private final String label;
  private final Set<String> columns;

  PriceForm(String label, Set<String> columns) {
    this.label = label;
    this.columns = columns;
  }

  /** The form that has all its columns among these, which are in lower case. */
  public static Optional<PriceForm> of(Set<String> columns) {
    return Arrays.stream(values())
        .filter(form -> columns.containsAll(form.columns))
        .filter(form -> form != OWN || columns.stream().anyMatch(OwnForm.PRICES::contains))
        .findFirst();
  }

  /** The name people know it by. */
  public String label() {
    return label;
  }
}
