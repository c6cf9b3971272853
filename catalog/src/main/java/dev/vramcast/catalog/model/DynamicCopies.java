package dev.vramcast.catalog.model;

import dev.vramcast.catalog.Resources;
import dev.vramcast.catalog.model.DynamicCopy.Basis;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.units.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which models Unsloth has dynamic 4-bit copies of, and what is known of each: {@code
 * models/dynamic.tsv}. Names and first releases are those of unsloth/models/mapper.py, without what
 * BAD_MAPPINGS of loader_utils.py takes back (Qwen3-32B and Qwen3-30B-A3B).
 */
public final class DynamicCopies {

  private static final String OWNER = "unsloth/";

  private static final class Embedded {
    static final DynamicCopies INSTANCE = new DynamicCopies(Resources.lines("models/dynamic.tsv"));
  }

  private final Map<String, DynamicCopy> byModel = new HashMap<>();
  private final Map<String, DynamicCopy> byOwnName = new HashMap<>();

  private DynamicCopies(List<String> lines) {
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\t", -1);
      DynamicCopy copy =
          new DynamicCopy(
              OWNER + cells[0] + CopyNames.DYNAMIC,
              Version.parse(cells[2]),
              cells[3].isEmpty() ? List.of() : List.of(cells[3].split(" ")),
              Basis.valueOf(cells[4].toUpperCase(Locale.ROOT)));
      byModel.put(CatalogIndex.lower(OWNER + cells[0]), copy);
      byModel.put(CatalogIndex.lower(cells[1]), copy);
      byOwnName.put(CatalogIndex.lower(copy.name()), copy);
    }
  }

  /** Those of this module. */
  public static DynamicCopies embedded() {
    return Embedded.INSTANCE;
  }

  /** The copy that is called so; nothing is read for a name that no copy has. */
  public static Optional<DynamicCopy> named(String text) {
    String name = CatalogIndex.lower(text);
    return name.endsWith(CopyNames.DYNAMIC)
        ? Optional.ofNullable(embedded().byOwnName.get(name))
        : Optional.empty();
  }

  /**
   * The copy that a job's loader takes for a model in 4 bits; nothing is read where it takes none.
   *
   * @param model as for {@link #of}
   */
  public static Optional<DynamicCopy> suiting(ResolvedJob job, String model) {
    return job.frameworkCode().get(LayerCode.DYNAMIC_COPIES).taken()
        ? embedded().of(model).filter(copy -> copy.suits(job))
        : Optional.empty();
  }

  /**
   * The copy that Unsloth takes for a model.
   *
   * @param text a Hub id, or a name of the catalogue, which means its first Hub id of whose copy
   *     modules are known
   */
  public Optional<DynamicCopy> of(String text) {
    return text.indexOf('/') >= 0
        ? ofId(text)
        : ModelCatalog.embedded().find(text).flatMap(this::of);
  }

  private Optional<DynamicCopy> ofId(String id) {
    return Optional.ofNullable(byModel.get(CatalogIndex.lower(id)));
  }

  private Optional<DynamicCopy> of(ModelEntry entry) {
    List<DynamicCopy> copies =
        entry.hubIds().stream().flatMap(id -> ofId(id).stream()).distinct().toList();
    Stream<DynamicCopy> known = copies.stream().filter(copy -> copy.basis() != Basis.UNKNOWN);
    return Stream.concat(known, copies.stream()).findFirst();
  }
}
