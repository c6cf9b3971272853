package dev.vramcast.formats.write.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What SkyPilot and dstack call a GPU of the catalogue: sky/utils/gpu_names.py and
 * sky/catalog/data_fetchers of SkyPilot 0.14.1; KNOWN_NVIDIA_GPUS of gpuhunt, which dstack 0.22.5
 * reads.
 *
 * @param dstack without its memory, which dstack states beside it
 */
record GpuNames(String skypilot, String dstack) {

  private static final Map<String, GpuNames> TABLE = table();

  /** The names of the GPU with a catalogue id. */
  static Optional<GpuNames> of(String id) {
    return Optional.ofNullable(TABLE.get(id));
  }

  /** Whether cards of several sizes have this name at dstack, or no card has. */
  static boolean isSharedOrUnknown(Optional<String> dstack) {
    return dstack
        .map(name -> TABLE.values().stream().filter(row -> row.dstack.equals(name)).count() > 1)
        .orElse(true);
  }

  private static Map<String, GpuNames> table() {
    try (InputStream in = GpuNames.class.getResourceAsStream("gpu-names.tsv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(1)
          .map(line -> line.split("\t"))
          .collect(
              Collectors.toUnmodifiableMap(row -> row[0], row -> new GpuNames(row[1], row[2])));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
