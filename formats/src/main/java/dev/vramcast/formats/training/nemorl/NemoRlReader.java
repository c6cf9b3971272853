package dev.vramcast.formats.training.nemorl;

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
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.text.Values;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;

/** NeMo-RL's recipes, each over the one that its {@code defaults} names. */
public final class NemoRlReader implements ConfigReader {

  private static final KeyTable KEYS = KeyTable.of(NemoRlReader.class, "keys.tsv");

  /** Recipes that begin with another one. */
  private static final int DEEPEST = 5;

  @Override
  public FormatName name() {
    return FormatName.NEMO_RL;
  }

  @Override
  public String looksFor() {
    return "policy.model_name with cluster, grpo, dpo or defaults";
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

  private static boolean isRecipe(Node node) {
    return node.value() instanceof String text && text.endsWith(".yaml");
  }

  @Override
  public Reading read(TrainingFile given, SiblingFiles siblings) {
    TrainingFile whole = References.followed(merged(given, siblings, DEEPEST));
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

  /** A recipe over the one that it names, as far as that is there. */
  private static TrainingFile merged(TrainingFile file, SiblingFiles siblings, int deepest) {
    Optional<TrainingFile> below =
        file.node("defaults")
            .filter(node -> node.value() instanceof String && deepest > 0)
            .flatMap(node -> siblings.find(String.valueOf(node.value())));
    return below
        .map(under -> merged(under, siblings, deepest - 1))
        .map(under -> file.withRoot(Values.over(under.root(), file.root())))
        .orElse(file);
  }

  private static void missing(JobBuilder job, Setting file, SiblingFiles siblings) {
    if (siblings.find(file.text()).isEmpty()) {
      job.say(
          FindingCode.NOT_COUNTED,
          file,
          "defaults is "
              + file.shown()
              + ", which is not there: what it alone says is taken from grpo_math_1B.yaml");
    }
  }
}
