package dev.vramcast.formats.write.train;

import dev.vramcast.core.job.objective.Stage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The data sets of a file, by their names on the Hub or as files, in the words of another
 * framework.
 *
 * @param sets each with its path and, where they are said, {@code name} (a part of it) and {@code
 *     split}
 */
record DataSets(List<Map<String, Object>> sets) {

  static final String PATH = "path";
  private static final String NAME = "name";
  private static final String SPLIT = "split";
  private static final String FILES = "data_files";

  /** Axolotl's word for what a file is read with. */
  private static final String KIND = "ds_type";

  /** What reads files of that ending (datasets, packaged_modules). */
  private static final Map<String, String> READERS =
      Map.of("json", "json", "jsonl", "json", "csv", "csv", "parquet", "parquet", "arrow", "arrow");

  private static final Pattern FILE =
      Pattern.compile("(?i)(?!\\w+://)[^\\s,*?\\[\\]{}]{1,500}\\.(jsonl?|csv|parquet|arrow)");

  /** TRL's list of them (trl/scripts/utils.py DatasetMixtureConfig). */
  static final String MIXTURE = "datasets";

  /** As the file has them; empty where one is neither on the Hub nor a file, or none is named. */
  static Optional<DataSets> of(Object value) {
    Collection<?> all = value instanceof Collection<?> list ? list : List.of(value);
    List<Map<String, Object>> sets = new ArrayList<>();
    for (Object one : all) {
      Map<String, Object> set = new LinkedHashMap<>();
      if (one instanceof Map<?, ?> map) {
        map.forEach((key, part) -> set.put(String.valueOf(key), part));
      } else {
        set.put(PATH, one);
      }
      named(set);
      if (!(set.get(PATH) instanceof String name) || !isOfHub(name) && reader(name).isEmpty()) {
        return Optional.empty();
      }
      sets.add(set);
    }
    return sets.isEmpty() ? Optional.empty() : Optional.of(new DataSets(sets));
  }

  /** A file that stands beside what it is read with is the path. */
  private static void named(Map<String, Object> set) {
    if (set.get(FILES) instanceof String file && READERS.containsValue(set.get(PATH))) {
      set.remove(FILES);
      set.put(PATH, file);
    }
    if (set.get(PATH) instanceof String path && reader(path).isPresent()) {
      set.remove(KIND);
    }
  }

  /** What {@code load_dataset} reads a file with; empty where a path is none. */
  static Optional<String> reader(String path) {
    Matcher file = FILE.matcher(path);
    return file.matches()
        ? Optional.ofNullable(READERS.get(file.group(1).toLowerCase(Locale.ROOT)))
        : Optional.empty();
  }

  private static Optional<String> reader(Map<String, Object> set) {
    return reader(String.valueOf(set.get(PATH)));
  }

  /** An owner and a name, and neither a path from here nor a file of examples. */
  private static boolean isOfHub(String name) {
    return name.matches("\\w[\\w.-]*/[\\w.-]+")
        && !name.matches("(?i).*\\.(jsonl?|csv|tsv|parquet|arrow|txt|gz|zst|zip)");
  }

  /**
   * Keys of the framework.
   *
   * @param key under which it takes one data set
   * @param stage of the job, which decides what rows are
   */
  Map<String, Object> under(String key, String target, Stage stage) {
    return switch (target) {
      case "axolotl" -> Map.of(key, sets.stream().map(DataSets::chat).toList());
      case "ms-swift" -> Map.of(key, sets.stream().map(DataSets::withPart).toList());
      // Names of the Hub, where no folder has a list of them; their rows are instructions, which
      // its other stages refuse (llamafactory/data/parser.py, loader.py).
      case "llama-factory" ->
          stage == Stage.SFT && sets.stream().allMatch(set -> reader(set).isEmpty())
              ? Map.of(key, names(), "dataset_dir", "ONLINE")
              : Map.of();
      case "trl" -> isPlain() ? Map.of(key, sets.get(0).get(PATH)) : Map.of(MIXTURE, mixture());
      default -> sets.size() == 1 ? Map.of(key, sets.get(0).get(PATH)) : Map.of();
    };
  }

  /** What of them the framework has no word for, by the keys of a set. */
  List<String> lost(String target) {
    List<String> kept =
        switch (target) {
          case "axolotl", "trl" -> List.of(PATH, NAME, SPLIT);
          case "ms-swift" -> List.of(PATH, NAME);
          default -> List.of(PATH);
        };
    return sets.stream()
        .flatMap(set -> set.keySet().stream())
        .filter(part -> !kept.contains(part))
        .distinct()
        .toList();
  }

  private String names() {
    return String.join(",", sets.stream().map(set -> String.valueOf(set.get(PATH))).toList());
  }

  private boolean isPlain() {
    return sets.size() == 1
        && reader(sets.get(0)).isEmpty()
        && !sets.get(0).containsKey(NAME)
        && !sets.get(0).containsKey(SPLIT);
  }

  private static Map<String, Object> chat(Map<String, Object> set) {
    Map<String, Object> chat = parts(set);
    reader(set).ifPresent(reader -> chat.put(KIND, reader));
    chat.put("type", "chat_template");
    return chat;
  }

  private List<Map<String, Object>> mixture() {
    return sets.stream().map(DataSets::loaded).toList();
  }

  /** As {@code load_dataset} is called, which TRL hands its keys on to. */
  private static Map<String, Object> loaded(Map<String, Object> set) {
    Optional<String> reader = reader(set);
    if (reader.isEmpty()) {
      return parts(set);
    }
    Map<String, Object> parts = new LinkedHashMap<>();
    parts.put(PATH, reader.get());
    parts.put(FILES, set.get(PATH));
    Optional.ofNullable(set.get(SPLIT)).ifPresent(split -> parts.put(SPLIT, split));
    return parts;
  }

  private static Map<String, Object> parts(Map<String, Object> set) {
    Map<String, Object> parts = new LinkedHashMap<>();
    for (String part : List.of(PATH, NAME, SPLIT)) {
      if (set.get(part) != null) {
        parts.put(part, set.get(part));
      }
    }
    return parts;
  }

  /** {@code id:part} (swift/dataset/loader.py). */
  private static String withPart(Map<String, Object> set) {
    return set.get(PATH) + (set.get(NAME) == null ? "" : ":" + set.get(NAME));
  }
}
