package dev.vramcast.catalog.price.refresh;

import dev.vramcast.catalog.Resources;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Named;
import dev.vramcast.core.input.Subject;
import dev.vramcast.input.table.TsvTable;
import dev.vramcast.input.table.TypedRow;
import dev.vramcast.input.text.TextFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where somebody publishes prices.
 *
 * @param name by which it is chosen and kept
 * @param provider whose machines they are
 * @param address by HTTPS, or of this machine
 * @param body of a POST that asks for them; empty where a GET does
 */
public record PriceSource(
    String name, String provider, Form form, URI address, Optional<String> body) {

  /** Names a file that says where prices are, in place of the program's own table. */
  public static final String VARIABLE = "VRAMCAST_PRICE_SOURCES";

  private static final String FILE = "prices/sources.tsv";
  private static final List<String> COLUMNS =
      List.of("name", "provider", "form", "address", "body", "source");

  /** What comes back. */
  public enum Form implements Named {
    /** {@code vms.csv} of SkyPilot's catalogue. */
    SKYPILOT,
    /** JSON of Vast's search for bundles. */
    VAST,
    /** JSON of RunPod's GraphQL about types of GPUs. */
    RUNPOD,
    /** JSON of the hardware of Hugging Face's jobs. */
    HF_JOBS;

    @Override
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** All sources, in the order of the table. */
  public static List<PriceSource> all(Map<String, String> variables) {
    Optional<String> own = Optional.ofNullable(variables.get(VARIABLE));
    List<String> lines =
        own.map(file -> TextFile.read(Path.of(file)).lines().toList())
            .orElseGet(() -> Resources.lines(FILE));
    List<TypedRow> rows = TsvTable.read(own.orElse("sources.tsv"), lines, COLUMNS);
    TypedRow.refuseTwins(rows, "name");
    return rows.stream().map(PriceSource::of).toList();
  }

  /**
   * Those of some names.
   *
   * @throws dev.vramcast.core.input.InputException when one of them is not known
   */
  public static List<PriceSource> named(List<PriceSource> all, List<String> names) {
    List<String> known = all.stream().map(PriceSource::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw InputError.about(Subject.option("--source"))
            .is(name)
            .allowed(String.join(", ", known))
            .near(name, known)
            .refusal();
      }
    }
    return names.isEmpty()
        ? all
        : all.stream().filter(source -> names.contains(source.name())).toList();
  }

  private static PriceSource of(TypedRow row) {
    String name = row.text("name");
    if (!name.matches("[a-z0-9][a-z0-9-]{0,40}")) {
      throw row.failure("name", "small letters, digits and hyphens");
    }
    return new PriceSource(
        name,
        row.text("provider").toLowerCase(Locale.ROOT),
        row.choice("form", Form.class),
        address(row),
        row.optional("body"));
  }

  private static URI address(TypedRow row) {
    try {
      URI address = URI.create(row.text("address"));
      if (SourceClient.isSafe(address)) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      throw row.failure("address", "an https address");
    }
    throw row.failure("address", "an https address, or an http one of this machine");
  }
}
