package dev.vramcast.formats.training.easyr1;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.rl.HydraValues;
import dev.vramcast.formats.training.rl.Nodes;
import dev.vramcast.formats.training.text.References;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.Map;

/** EasyR1: its YAML, or the values behind {@code python -m verl.trainer.main} over that. */
public final class EasyR1Reader implements ConfigReader {

  private static final String SECTION = "worker.actor";

  private static final KeyTable KEYS = KeyTable.of(EasyR1Reader.class, "keys.tsv");

  @Override
  public FormatName name() {
    return FormatName.EASYR1;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  /** A command that names a file says nothing of its own without that. */
  @Override
  public Recognition recognises(TrainingFile file) {
    Node.Fields root = HydraValues.of(file);
    boolean named = file.form() == Form.COMMAND && root.at("config").isPresent();
    return file.form() != Form.PROGRAM && root.at(SECTION).isPresent() && !named
        ? new Recognition(18)
        : Recognition.NONE;
  }

  @Override
  public Reading read(TrainingFile given, SiblingFiles siblings) {
    TrainingFile file = withoutIdle(References.followed(given.withRoot(HydraValues.of(given))));
    JobBuilder job = new JobBuilder(file, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, name().label());
    job.take("worker.actor.model.model_path", JobKey.MODEL_ID);
    Nodes.read(job, "trainer.n_gpus_per_node", "trainer.nnodes", 8);
    new Actor(job).read();
    new Rollout(job).read();
    return job.done(name());
  }

  /** No critic is made of its section but for {@code gae} (verl/trainer/ray_trainer.py). */
  private static TrainingFile withoutIdle(TrainingFile file) {
    boolean made =
        file.node("algorithm.adv_estimator")
            .filter(named -> String.valueOf(named.value()).equalsIgnoreCase("gae"))
            .isPresent();
    return made ? file : file.withRoot(without(file.root(), "worker", "critic"));
  }

  private static Node.Fields without(Node.Fields root, String section, String key) {
    Map<String, Node> all = new LinkedHashMap<>(root.fields());
    if (all.get(section) instanceof Node.Fields fields) {
      Map<String, Node> rest = new LinkedHashMap<>(fields.fields());
      rest.remove(key);
      all.put(section, new Node.Fields(rest, fields.mark()));
    }
    return new Node.Fields(all, root.mark());
  }
}
