package dev.vramcast.catalog.gpu;

import dev.vramcast.catalog.Resources;
import dev.vramcast.catalog.speed.SpeedFile;
import dev.vramcast.core.hardware.Generation;
import dev.vramcast.core.hardware.Link;
import dev.vramcast.core.hardware.SpeedCoefficients;
import java.util.List;
import java.util.Map;

/**
 * The files of the catalogue. A card is a row of {@code gpus.tsv}; a generation is one of {@code
 * generations.tsv} and, where it brings a link, one of {@code links.tsv}.
 *
 * @param generations by their ids
 * @param links by their ids
 * @param coefficients of runs
 */
record GpuTables(
    Map<String, Generation> generations, Map<String, Link> links, SpeedCoefficients coefficients) {

  private static final String FOLDER = "gpus/";

  /** The devices in the order of their file, each read when it is first asked for. */
  static List<GpuRow> embedded() {
    GpuTables tables =
        new GpuTables(
            new NamedLines<>(
                lines(GenerationReader.FILE),
                rows -> GenerationReader.read(GenerationReader.FILE, rows)),
            new NamedLines<>(
                lines(LinkReader.FILE), rows -> LinkReader.read(LinkReader.FILE, rows)),
            SpeedFile.embedded());
    return new GpuReader(tables).readLater(GpuReader.FILE, lines(GpuReader.FILE));
  }

  private static List<String> lines(String file) {
    return Resources.lines(FOLDER + file);
  }
}
