package dev.vramcast.answers.fit;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.core.hardware.Gpu;
import java.util.List;

/** The cards that most people train on, at home and rented, a few of each size. */
final class UsualCards {

  private static final List<String> NAMES =
      List.of(
          "RTX 3060 12GB",
          "RTX 4060 Ti 16GB",
          "RTX 3090",
          "RTX 4090",
          "RTX 5090",
          "T4",
          "L4",
          "A10G",
          "L40S",
          "RTX A6000",
          "A100 40GB SXM4",
          "A100 80GB SXM4",
          "H100 SXM5 80GB",
          "H200 SXM 141GB",
          "B200 SXM 180GB",
          "MI300X");

  private UsualCards() {}

  static List<Gpu> all() {
    return NAMES.stream().map(name -> GpuCatalog.embedded().find(name).gpu()).toList();
  }
}
