package dev.vramcast.formats.training.axolotl;

import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Classes that a file plugs into Axolotl, by their path or as an object that names it. */
final class Plugins {

  private static final String KEY = "plugins";

  /** src/axolotl/integrations of 0.19. */
  private static final Set<String> OWN =
      Set.of(
          "cut_cross_entropy",
          "densemixer",
          "diffusion",
          "expert_parallel",
          "grokfast",
          "hatchery",
          "kd",
          "kernels",
          "liger",
          "llm_compressor",
          "lm_eval",
          "mora",
          "nemo_gym",
          "spectrum",
          "swanlab");

  private static final String PREFIX = "axolotl.integrations.";

  private Plugins() {}

  /** Whether one is plugged in whose path has a word in it, underscores apart. */
  static boolean holds(JobBuilder job, String word) {
    return all(job).stream()
        .anyMatch(path -> path.shown().toLowerCase(Locale.ROOT).replace("_", "").contains(word));
  }

  /** Says which are none of Axolotl's own. */
  static void sayOthers(JobBuilder job) {
    all(job).stream()
        .filter(path -> !isOwn(path.shown()))
        .forEach(
            path ->
                job.say(
                    FindingCode.NOT_FOLLOWED,
                    path,
                    path.shown() + " is no plugin of Axolotl's: what it changes is not counted"));
  }

  private static boolean isOwn(String path) {
    return path.startsWith(PREFIX)
        && OWN.contains(path.substring(PREFIX.length()).replaceFirst("\\..*$", ""));
  }

  private static List<Setting> all(JobBuilder job) {
    return job.get(KEY).stream()
        .flatMap(
            plugins ->
                plugins.node() instanceof Node.Items items
                    ? items.items().stream().map(item -> named(job, item))
                    : List.of(plugins).stream())
        .filter(path -> !path.isNothing())
        .toList();
  }

  private static Setting named(JobBuilder job, Node item) {
    Node path = item instanceof Node.Fields fields ? fields.at("cls").orElse(item) : item;
    return new Setting(job.file(), KEY, path);
  }
}
