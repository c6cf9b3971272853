package dev.vramcast.formats.training.nemorl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.rl.Nodes;
import dev.vramcast.formats.training.text.References;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Command;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import java.util.Map;
import java.util.Optional;
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
        file.node(Inheritance.DEFAULTS)
                .filter(node -> !Inheritance.recipes(node).isEmpty())
                .isPresent()
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

  @Override
  public Reading read(TrainingFile given, SiblingFiles siblings) {
    Inheritance recipes = new Inheritance(siblings);
    TrainingFile whole = References.followed(recipes.merged(given));
    JobBuilder job = new JobBuilder(whole, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, name().label());
    recipes.say(job);
    job.take("policy.model_name", JobKey.MODEL_ID);
    Nodes.read(job, "cluster.gpus_per_node", "cluster.num_nodes", 1);
    new Policy(job).read();
    new Algorithm(job, whole).read();
    return job.done(name());
  }
}
