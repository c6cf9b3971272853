package dev.vramcast.formats.training;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.NearestName;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Goes through the keys of a file by the table of its format. */
final class KeyCheck {

  /** What says of what class a section is, in any section (hydra/_internal/instantiate). */
  private static final Set<String> HYDRA = Set.of("_target_", "_convert_", "_recursive_");

  /**
   * What is evaluated, saved and loaded, and when, is the user's own and in no writer's hands: the
   * job counts it, and a file that is written has it as it was.
   */
  private static final Set<String> CARRIED =
      Stream.of(
              JobKey.EVALUATION_BATCH,
              JobKey.EVALUATION_BATCHES,
              JobKey.EVALUATION_METRICS,
              JobKey.EVALUATION_ACCUMULATION,
              JobKey.EVALUATION_NEW_TOKENS,
              JobKey.EVALUATION_BEAMS,
              JobKey.SAVE_STRATEGY,
              JobKey.SAVE_INTERVAL,
              JobKey.SAVE_LIMIT,
              JobKey.SAVE_ONLY_MODEL,
              JobKey.SAVED_STATE,
              JobKey.RESUME,
              JobKey.LOADER_WORKERS,
              JobKey.FIRST_RANK_LOADS,
              JobKey.ZERO_INIT,
              JobKey.USE_CACHE,
              JobKey.EMPTY_CACHE_STEPS,
              JobKey.NEFTUNE_ALPHA,
              JobKey.LABEL_SMOOTHING)
          .map(JobKey::path)
          .collect(Collectors.toUnmodifiableSet());

  /** What decides of a job, in the last part of a key. */
  private static final Pattern TELLS =
      Pattern.compile(
          "(?i).*(?:batch|accum|epoch|episode|lora|adapter|quant|[48]_?bit|fp8|seq_?len|max_len"
              + "|max_\\w{0,40}length|gpu|node|parallel|replica|shard|dtype|precision"
              + "|checkpointing|recompute|offload|freez|frozen|exclude_modules).*");

  private static final Pattern ONE_WAY = Pattern.compile(".*(?:parallel_(?:size|degree)|replicas)");

  private final KeyTable table;
  private final JobBuilder builder;

  KeyCheck(KeyTable table, JobBuilder builder) {
    this.table = table;
    this.builder = builder;
  }

  void section(String prefix, Node.Fields section) {
    section.fields().forEach((name, node) -> key(prefix, prefix + name, node));
  }

  private void key(String prefix, String path, Node node) {
    if (HYDRA.contains(path.substring(prefix.length())) && table.row(path).isEmpty()) {
      return;
    }
    Optional<KeyRow> row = table.row(path).or(() -> table.row(prefix + "*"));
    Setting setting = new Setting(builder.file(), path, node);
    boolean isSection = node instanceof Node.Fields && table.isSection(path);
    boolean byKey = isSection && row.filter(it -> it.role() == KeyRow.Role.NONE).isPresent();
    if (row.isPresent() && !setting.isNothing() && !byKey) {
      known(row.get(), setting);
      if (!isSection && !row.get().path().equals(path)) {
        passedOver(row.get(), prefix, setting);
      }
    }
    if (isSection && node instanceof Node.Fields section) {
      section(path + ".", section);
    } else if (row.isEmpty() && !(table.isSection(path) && setting.isIdle())) {
      unknown(setting);
    }
  }

  /** Says that a key of which only the section is known may decide of the job. */
  private void passedOver(KeyRow section, String prefix, Setting setting) {
    String last = setting.key().substring(prefix.length());
    boolean alone =
        table.paths().stream()
            .noneMatch(path -> path.startsWith(prefix) && !path.startsWith(section.path()));
    if (section.role() == KeyRow.Role.NONE
        && !alone
        && !setting.isIdle()
        && !isOneWay(setting)
        && TELLS.matcher(last).matches()) {
      builder.say(
          FindingCode.NOT_FOLLOWED,
          setting,
          shown(setting) + ", which is not looked at: what it changes is not counted");
    }
  }

  /** A degree of 1 divides nothing. */
  private static boolean isOneWay(Setting setting) {
    return ONE_WAY.matcher(setting.key()).matches() && setting.shown().equals("1");
  }

  private void known(KeyRow row, Setting setting) {
    switch (row.role()) {
      case NONE -> builder.keep(setting);
      case READ -> {
        if (CARRIED.contains(row.target())) {
          builder.keep(setting);
        }
      }
      case JOB -> take(row, setting);
      case UNCOUNTED -> {
        if (!setting.isIdle() && !isOneWay(setting) && !isSwitchedOff(setting)) {
          builder.say(FindingCode.NOT_COUNTED, setting, shown(setting) + ": " + row.note());
        }
      }
      case UNMODELLED -> {
        if (!setting.isIdle()) {
          builder.notModelled(
              JobKey.ofPath(row.target()).orElseThrow(),
              setting,
              Gap.of(name(setting)).needs(row.note()));
        }
      }
      case RENAMED -> {
        builder.say(
            FindingCode.RENAMED_KEY, setting, name(setting) + " is " + row.target() + " now");
        table
            .row(row.target())
            .filter(now -> now.role() == KeyRow.Role.JOB && builder.get(row.target()).isPresent())
            .ifPresent(now -> take(now, builder.get(row.target()).orElseThrow()));
      }
      case IGNORED -> say(FindingCode.IGNORED_KEY, setting, " does nothing: ", row);
      case REFUSED -> say(FindingCode.REFUSED, setting, " is refused: ", row);
    }
  }

  private void take(KeyRow row, Setting setting) {
    JobKey key = JobKey.ofPath(row.target()).orElseThrow();
    builder.reads(List.of(key), () -> builder.put(key, setting));
  }

  private void unknown(Setting setting) {
    if (table.isOpen()) {
      builder.say(
          FindingCode.UNKNOWN_KEY,
          setting,
          name(setting) + " is not a key that is known, and may be the program's own");
      return;
    }
    Optional<String> meant =
        table.meant(setting.key()).or(() -> NearestName.slip(setting.key(), table.paths()));
    if (meant.isPresent()) {
      builder.say(
          FindingCode.MISSPELT_KEY,
          setting,
          name(setting)
              + " is not a key of the format and does nothing. Did you mean '"
              + meant.get()
              + "'?");
    } else {
      builder.say(FindingCode.UNKNOWN_KEY, setting, name(setting) + " is not a key that is known");
    }
  }

  /** Whether a section that it stands in says that it is not enabled. */
  private boolean isSwitchedOff(Setting setting) {
    String path = setting.key();
    return IntStream.range(0, path.length())
        .filter(at -> path.charAt(at) == '.')
        .mapToObj(dot -> builder.get(path.substring(0, dot) + ".enabled"))
        .flatMap(Optional::stream)
        .anyMatch(Setting::isIdle);
  }

  private static String name(Setting setting) {
    return Shown.oneLine(setting.key());
  }

  private static String shown(Setting setting) {
    return name(setting) + " is " + setting.shown();
  }

  private void say(FindingCode code, Setting setting, String what, KeyRow row) {
    builder.say(code, setting, name(setting) + what + row.note());
  }
}
