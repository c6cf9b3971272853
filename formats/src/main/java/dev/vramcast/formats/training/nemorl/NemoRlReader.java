package dev.vramcast.formats.training.nemorl;

import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.rl.Nodes;
import dev.vramcast.formats.training.text.References;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Command;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.text.Values;
import dev.vramcast.input.tree.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** NeMo-RL's recipes, each over the one that its {@code defaults} names. */
public final class NemoRlReader implements ConfigReader {

  private static final KeyTable KEYS = KeyTable.of(NemoRlReader.class, "keys.tsv");

  /**
   * What its programs train by where no recipe is named, by their names without {@code run_}: each
   * has its own among {@code examples/configs} beside it.
   */
  private static final Map<String, String> RECIPES =
      Map.of(
          "grpo", "grpo_math_1B.yaml",
          "grpo_sliding_puzzle", "grpo_sliding_puzzle.yaml",
          "vlm_grpo", "vlm_grpo_3B.yaml",
          "ppo", "ppo_math_1B.yaml",
          "distillation", "distillation_math.yaml",
          "dpo", "dpo.yaml",
          "rm", "rm.yaml",
          "sft", "sft.yaml");

  private static final Pattern PROGRAM = Pattern.compile("((?:.*/)?examples/)run_(\\w+)\\.py");

  /** Recipes that begin with another one. */
  /** Files that one recipe may be put together of. */
  private static final int MOST = 20;

  @Override
  public FormatName name() {
    return FormatName.NEMO_RL;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    int told = file.count("cluster", "grpo", "dpo", "sft", "rm", "distillation", "loss_fn");
    boolean policy = file.count("policy.model_name", "policy.train_micro_batch_size") > 0;
    boolean over =
        file.node("defaults").filter(NemoRlReader::isRecipe).isPresent()
            && told + file.count("policy", "logger", "checkpointing", "data_plane", "data") > 0;
    return file.form() == Form.TREE && (policy && told > 0 || over)
        ? new Recognition(12 + told)
        : Recognition.NONE;
  }

  /** The recipe that a command of NeMo-RL trains by which names none. */
  public static Optional<String> recipe(Command command) {
    return command.words().stream()
        .map(PROGRAM::matcher)
        .filter(program -> program.matches() && RECIPES.containsKey(program.group(2)))
        .map(program -> program.group(1) + "configs/" + RECIPES.get(program.group(2)))
        .findFirst();
  }

  private static boolean isRecipe(Node node) {
    return !recipes(node).isEmpty();
  }

  /** The files of one name, or of a list, of which the later are over the earlier. */
  private static List<String> recipes(Node node) {
    List<Node> all = node instanceof Node.Items items ? items.items() : List.of(node);
    return all.stream()
        .filter(each -> each.value() instanceof String text && text.endsWith(".yaml"))
        .map(each -> String.valueOf(each.value()))
        .toList();
  }

  @Override
  public Reading read(TrainingFile given, SiblingFiles siblings) {
    TrainingFile whole = References.followed(merged(given, siblings, "", new HashSet<>()));
    JobBuilder job = new JobBuilder(whole, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, name().label());
    job.get("defaults")
        .ifPresent(file -> job.reads(List.of(JobKey.MODEL_ID), () -> missing(job, file, siblings)));
    job.take("policy.model_name", JobKey.MODEL_ID);
    Nodes.read(job, "cluster.gpus_per_node", "cluster.num_nodes", 1);
    new Policy(job).read();
    new Algorithm(job, whole).read();
    return job.done(name());
  }

  /**
   * A recipe over those that it names, as far as they are there (nemo_rl/utils/config.py,
   * load_config_with_inheritance).
   *
   * @param folder of the recipe, from the first one's, with a slash behind it; empty for its own
   * @param seen paths that are followed already
   */
  private static TrainingFile merged(
      TrainingFile file, SiblingFiles siblings, String folder, Set<String> seen) {
    Node.Fields all = new Node.Fields(Map.of(), file.root().mark());
    for (String named : file.node("defaults").map(NemoRlReader::recipes).orElse(List.of())) {
      String path = folder + named;
      if (seen.size() < MOST && seen.add(path)) {
        Node.Fields below = all;
        all =
            siblings
                .find(path)
                .map(found -> merged(found, siblings, folderOf(path), seen).root())
                .map(found -> Values.over(below, found))
                .orElse(below);
      }
    }
    return all.fields().isEmpty() ? file : file.withRoot(Values.over(all, file.root()));
  }

  private static String folderOf(String path) {
    return path.substring(0, path.lastIndexOf('/') + 1);
  }

  private static void missing(JobBuilder job, Setting file, SiblingFiles siblings) {
    recipes(file.node()).stream()
        .filter(path -> siblings.find(path).isEmpty())
        .forEach(
            path ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    file,
                    "defaults is "
                        + Shown.oneLine(path)
                        + ", which is not there: what it alone says is taken from"
                        + " grpo_math_1B.yaml"));
  }
}
