package dev.vramcast.formats.training;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.KeyRow.Role;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The keys of a format: a table with a key, its role, its target and a note on each line. */
public final class KeyTable {

  /** Names that many trainers have for the same. */
  private static final Map<String, JobKey> COMMON =
      Map.ofEntries(
          Map.entry("r", JobKey.LORA_RANK),
          Map.entry("lora_r", JobKey.LORA_RANK),
          Map.entry("lora_rank", JobKey.LORA_RANK),
          Map.entry("target_modules", JobKey.LORA_TARGETS),
          Map.entry("lora_target", JobKey.LORA_TARGETS),
          Map.entry("lora_target_modules", JobKey.LORA_TARGETS),
          Map.entry("per_device_train_batch_size", JobKey.MICRO_BATCH),
          Map.entry("micro_batch_size", JobKey.MICRO_BATCH),
          Map.entry("max_length", JobKey.SEQUENCE_LENGTH),
          Map.entry("max_seq_length", JobKey.SEQUENCE_LENGTH),
          Map.entry("sequence_len", JobKey.SEQUENCE_LENGTH),
          Map.entry("cutoff_len", JobKey.SEQUENCE_LENGTH));

  /** So many keys that a format does not know are hardly slips. */
  private static final int FEWEST_STRANGE = 3;

  private final Map<String, KeyRow> rows;
  private final List<String> paths;
  private final Set<String> sections = new HashSet<>();
  private final Map<String, List<String>> olderNames = new HashMap<>();
  private final boolean open;

  private KeyTable(Map<String, KeyRow> rows, boolean open) {
    this.open = open;
    this.rows = Collections.unmodifiableMap(rows);
    this.paths = List.copyOf(rows.keySet());
    for (KeyRow row : rows.values()) {
      String path = row.path();
      for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
        sections.add(path.substring(0, dot));
      }
      if (row.role() == Role.RENAMED) {
        olderNames.computeIfAbsent(row.target(), key -> new ArrayList<>()).add(path);
      }
    }
  }

  /** The table in a resource beside a class. */
  public static KeyTable of(Class<?> beside, String resource) {
    Map<String, KeyRow> rows = new LinkedHashMap<>();
    Table.rows(beside, resource).forEach((path, cells) -> rows.put(path, row(cells)));
    return new KeyTable(rows, false);
  }

  /** This table over another one, whose rows hold where this one has none. */
  public KeyTable over(KeyTable base) {
    Map<String, KeyRow> both = new LinkedHashMap<>(base.rows);
    both.putAll(rows);
    return new KeyTable(both, open);
  }

  /** This table for a program of somebody's own, which may read keys that nobody else knows. */
  public KeyTable open() {
    return new KeyTable(rows, true);
  }

  /** Whether a key that is in no row may be the program's own. */
  boolean isOpen() {
    return open;
  }

  /** The row of a key. */
  public Optional<KeyRow> row(String path) {
    return Optional.ofNullable(rows.get(path));
  }

  /**
   * Whether a file of these keys can be of this format: fewer than a third are strange to it, or no
   * more than slips of its writer would be.
   *
   * @param keys those that the file has at its top
   */
  public boolean knowsMost(Collection<String> keys) {
    long strange = keys.stream().filter(key -> !rows.containsKey(key) && !isSection(key)).count();
    return strange < FEWEST_STRANGE || 3 * strange < keys.size();
  }

  /**
   * The key in the same section for what another framework calls so, such as {@code lora_r} where
   * {@code lora_rank} is none.
   */
  Optional<String> meant(String key) {
    String section = key.substring(0, key.lastIndexOf('.') + 1);
    Optional<JobKey> target = Optional.ofNullable(COMMON.get(key.substring(section.length())));
    return target.stream()
        .flatMap(meant -> rows.values().stream().filter(row -> isCommon(row, section, meant)))
        .filter(row -> row.role() == Role.JOB || row.role() == Role.READ)
        .map(KeyRow::path)
        .findFirst();
  }

  /** Whether a row goes by one of the names that many trainers have, for the same. */
  private static boolean isCommon(KeyRow row, String section, JobKey target) {
    return row.path().startsWith(section)
        && COMMON.get(row.path().substring(section.length())) == target
        && row.target().equals(target.path());
  }

  /** All rows in order. */
  public Collection<KeyRow> rows() {
    return rows.values();
  }

  /** All keys in order. */
  List<String> paths() {
    return paths;
  }

  /** Whether there are keys below a section. */
  public boolean isSection(String path) {
    return sections.contains(path);
  }

  /** The names that a key goes by: its own, and older ones that are still taken. */
  public List<String> names(String path) {
    List<String> names = new ArrayList<>(List.of(path));
    names.addAll(olderNames.getOrDefault(path, List.of()));
    return names;
  }

  private static KeyRow row(List<String> cells) {
    return new KeyRow(
        cells.get(0),
        Role.valueOf(cells.get(1).toUpperCase(Locale.ROOT)),
        cells.size() > 2 ? cells.get(2) : "",
        cells.size() > 3 ? cells.get(3) : "");
  }
}
