package dev.vramcast.catalog.model;

import dev.vramcast.catalog.Resources;
import dev.vramcast.core.input.NearestName;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.value.NamedBits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The embedded catalogue of models. Names are compared without regard to case. The index is read at
 * the first use, a file of entries when one of its models is asked for.
 */
public final class ModelCatalog {

  private static final class Embedded {
    static final ModelCatalog INSTANCE =
        new ModelCatalog(CatalogIndex.parse(Resources.lines("models/index.tsv")));
  }

  private final CatalogIndex index;
  private final Map<String, Map<String, ModelEntry>> files = new ConcurrentHashMap<>();

  private ModelCatalog(CatalogIndex index) {
    this.index = index;
  }

  /** The catalogue that is part of this module. */
  public static ModelCatalog embedded() {
    return Embedded.INSTANCE;
  }

  /** Every catalogue name, family by family. */
  public Set<String> names() {
    return index.names();
  }

  /** The entry known by this name, alias or Hub id, with or without the Hub's owner. */
  public Optional<ModelEntry> find(String name) {
    return index.exact(name).map(this::entry);
  }

  /**
   * As {@link #find}, and further the original of what looks like a renamed or quantised copy. The
   * match says what was assumed.
   */
  public Optional<CatalogMatch> findCopy(String name) {
    return findCopy(name, name);
  }

  /**
   * As {@link #findCopy(String)}.
   *
   * @param said what was given, of which the name is a part; the match names that
   */
  public Optional<CatalogMatch> findCopy(String name, String said) {
    Optional<ModelEntry> known = find(name);
    if (known.isPresent()) {
      return Optional.of(new CatalogMatch(known.get(), Optional.empty()));
    }
    for (CopyNames copy : CopyNames.of(name)) {
      Optional<String> found =
          DynamicCopies.named(name)
              .flatMap(own -> index.exact(own.model()))
              .or(() -> index.byLastPart(copy.base()));
      if (found.isPresent()) {
        ModelEntry entry = entry(found.get());
        return Optional.of(new CatalogMatch(entry, Optional.of(remark(name, said, copy, entry))));
      }
    }
    return Optional.empty();
  }

  /** The one entry whose names have these letters and digits: {@code Qwen25-VL-7B-Instruct}. */
  public Optional<ModelEntry> findSpelt(String name) {
    return index.spelt(name).map(this::entry);
  }

  /** The entry that the name of somebody's own model begins with, as that of a fine-tune does. */
  public Optional<ModelEntry> findTuned(String name) {
    return TunedName.base(name, this::begun).map(this::entry);
  }

  private Optional<String> begun(String begin) {
    return index
        .byLastPart(begin)
        .or(() -> index.byLastPart(begin + "-hf"))
        .or(() -> index.spelt(begin));
  }

  /**
   * The names that a text means as people say it, such as {@code Llama 3.1 8B}: one, several where
   * it is not clear which, or none. They are catalogue names, or where none is meant those of other
   * repositories with the shape of one, such as {@code Zephyr 7B}: one for each shape.
   */
  public List<String> spoken(String text) {
    List<String> own = SpokenName.among(index.names(), text);
    if (own.isEmpty()) {
      return index.oneOfEach(SpokenName.among(parts(), text));
    }
    List<String> namesake = namesake(own, text);
    if (own.size() == 1 && !namesake.isEmpty()) {
      return index.oneOfEach(namesake);
    }
    Set<String> meant = new LinkedHashSet<>(namesake);
    meant.addAll(meantFirst(own, text));
    return withRepositories(List.copyOf(meant), own, text);
  }

  /**
   * As {@link #spoken}, and where that finds none, of names that are written a little otherwise.
   */
  public List<String> spokenLoosely(String text) {
    List<String> found = spoken(text);
    if (!found.isEmpty()) {
      return found;
    }
    List<String> own = SpokenName.loosely(index.names(), text);
    return own.isEmpty()
        ? index.oneOfEach(SpokenName.loosely(parts(), text))
        : meantFirst(own, text);
  }

  private Set<String> parts() {
    return index.lastParts().keySet();
  }

  /**
   * Repositories of other models that are called by all of these words too, where they are enough
   * to mean a few, and begin as one of these: those of DeepSeek's R1 were distilled into Qwen's
   * shapes and into Llama's, and Aya 23 has 8B parameters or 35B.
   */
  private List<String> withRepositories(List<String> meant, List<String> own, String text) {
    boolean exact = own.size() == 1 && !SpokenName.exact(own, text).isEmpty();
    if (exact || !SpokenName.isPrecise(text)) {
      return meant;
    }
    Set<String> begin =
        own.stream().map(name -> SpokenName.beginning(name, text)).collect(Collectors.toSet());
    List<String> others =
        SpokenName.among(parts(), text).stream()
            .filter(part -> !own.contains(index.lastParts().get(part)))
            .filter(part -> begin.contains(SpokenName.beginning(part, text)))
            .toList();
    Set<String> all = new LinkedHashSet<>(meant);
    all.addAll(index.oneOfEach(others));
    return List.copyOf(all);
  }

  /** The names of models within a sentence, as people say them; see {@link NamesWithin}. */
  public List<String> spokenWithin(String sentence) {
    return NamesWithin.of(index.names(), parts())
        .in(sentence, run -> !spokenLoosely(run).isEmpty());
  }

  /** Those that begin as the text does before others, and of both the usual ones first. */
  private static List<String> meantFirst(List<String> names, String text) {
    return names.stream()
        .sorted(
            Comparator.comparing((String name) -> !SpokenName.begins(name, text))
                .thenComparing(name -> !UsualSizes.isOne(name)))
        .toList();
  }

  /** Repositories of other models that are called by these very words. */
  private List<String> namesake(List<String> own, String text) {
    return SpokenName.exact(own, text).isEmpty() || own.size() > 1
        ? SpokenName.exact(parts(), text).stream()
            .filter(part -> !own.contains(index.lastParts().get(part)))
            .toList()
        : List.of();
  }

  /**
   * The repository on the Hub from which a model is loaded that is called so without an owner: the
   * one whose name has most of these words, else the original.
   */
  public String repository(ModelEntry entry, String said) {
    return SpokenName.nearest(entry.hubIds(), said);
  }

  /** The words of a text that the name of a model has not, and that say nothing of its bits. */
  public List<String> leftOut(String said, String name) {
    return SpokenName.left(said, name);
  }

  /** Up to three catalogue names that are spelled like this one, the nearest first. */
  public List<String> nearest(String name) {
    String part = CatalogIndex.lastPart(CatalogIndex.lower(name));
    Set<String> known = new TreeSet<>(index.names());
    List<String> nearest = new ArrayList<>();
    while (nearest.size() < 3) {
      Optional<String> next = NearestName.of(part, known);
      if (next.isEmpty()) {
        break;
      }
      nearest.add(next.get());
      known.remove(next.get());
    }
    return nearest;
  }

  /** The entry of a name that the index has. */
  private ModelEntry entry(String name) {
    String file = Objects.requireNonNull(index.files().get(name));
    return Objects.requireNonNull(files.computeIfAbsent(file, EntryFile::read).get(name));
  }

  private static Notice remark(String name, String said, CopyNames copy, ModelEntry entry) {
    String without =
        copy.removed().isEmpty()
            ? ""
            : ", leaving out '" + String.join("', '", copy.removed()) + "'";
    String stored =
        !copy.quantized()
            ? ""
            : NamedBits.areFour(name)
                ? "; its weights are stored in 4 bits"
                : NamedBits.scheme(name).isPresent()
                    ? "; its weights are stored quantised"
                    : "; its weights are stored quantised, which the job has to say";
    String dynamic =
        copy.removed().contains(CopyNames.DYNAMIC) && DynamicCopies.named(name).isEmpty()
            ? ", but for modules in 16 bits that its own config.json names: give that as"
                + " model.config"
            : "";
    return Notice.of(Shown.given(said), " is taken as a copy of ", Shown.given(entry.hubId()))
        .and(without, stored, dynamic);
  }
}
