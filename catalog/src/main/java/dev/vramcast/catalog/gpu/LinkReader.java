package dev.vramcast.catalog.gpu;

import dev.vramcast.core.hardware.Link;
import dev.vramcast.input.table.TsvTable;
import dev.vramcast.input.table.TypedRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads {@code links.tsv}. */
final class LinkReader {

  static final String FILE = "links.tsv";

  private static final List<String> COLUMNS =
      List.of(
          "link",
          "kind",
          "gb_s",
          "network_gb_s",
          "channels",
          "channels_nodes",
          "nvls_channels",
          "p2p_channels",
          "p2p_per_peer",
          "domain",
          "source");

  private LinkReader() {}

  /**
   * The links by their ids.
   *
   * @param source names the file in messages
   */
  static Map<String, Link> read(String source, List<String> lines) {
    List<TypedRow> rows = TsvTable.read(source, lines, COLUMNS);
    TypedRow.refuseTwins(rows, "link");
    Map<String, Link> links = new LinkedHashMap<>();
    rows.forEach(row -> links.put(row.text("link"), link(row)));
    return links;
  }

  private static Link link(TypedRow row) {
    row.text("source");
    return new Link(
        row.text("link"),
        row.choice("kind", Link.Kind.class),
        row.number("gb_s"),
        row.number("network_gb_s")
            .orElseThrow(() -> row.failure("network_gb_s", "a decimal number above 0")),
        channels(row),
        domain(row));
  }

  private static Link.Channels channels(TypedRow row) {
    return new Link.Channels(
        Math.toIntExact(row.count("channels")),
        Math.toIntExact(row.count("channels_nodes")),
        Math.toIntExact(row.count("nvls_channels")),
        Math.toIntExact(row.count("p2p_channels")),
        Math.toIntExact(row.count("p2p_per_peer")));
  }

  private static OptionalInt domain(TypedRow row) {
    OptionalLong devices = row.whole("domain");
    return devices.isPresent()
        ? OptionalInt.of(Math.toIntExact(devices.getAsLong()))
        : OptionalInt.empty();
  }
}
