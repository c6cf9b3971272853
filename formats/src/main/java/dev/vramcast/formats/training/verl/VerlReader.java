package dev.vramcast.formats.training.verl;

import dev.vramcast.core.input.Gap;
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
import dev.vramcast.formats.training.text.TrainingFile.Command;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.trainer.LauncherOptions;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** verl: YAML of its PPO trainer, or the values behind {@code python -m verl.trainer.main_ppo}. */
public final class VerlReader implements ConfigReader {

  static final String ACTOR = "actor_rollout_ref.actor.";
  static final String MODEL = "actor_rollout_ref.model.";
  static final String ROLLOUT = "actor_rollout_ref.rollout.";

  private static final String SECTION = "actor_rollout_ref";

  /** {@code recipe.gkd.main_gkd}, {@code recipe/gkd/main_gkd.py}. */
  private static final Pattern RECIPE =
      Pattern.compile("(?:[\\w.]*\\.)?recipe\\.(\\w+)\\.\\w+|(?:.*/)?recipe/(\\w+)/\\w+\\.py");

  private static final KeyTable KEYS = KeyTable.of(VerlReader.class, "keys.tsv");

  @Override
  public FormatName name() {
    return FormatName.VERL;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    return file.form() != Form.PROGRAM
            && (HydraValues.of(file).at(SECTION).isPresent()
                || isSupervised(file)
                || isByEngine(file))
        ? new Recognition(20)
        : Recognition.NONE;
  }

  /**
   * The configuration of the checkout whose trainer a command starts, which Hydra takes its values
   * over ({@code @hydra.main} of verl/trainer/main_ppo.py): a fork has defaults of its own.
   */
  public static Optional<String> configuration(TrainingFile script, Command command) {
    return Configuration.path(script, command);
  }

  /** Whether a configuration is one file, which no others are put into. */
  public static boolean isWhole(TrainingFile file) {
    return !file.has("defaults") && (file.root().at(SECTION).isPresent() || isSupervised(file));
  }

  @Override
  public Reading read(TrainingFile given, SiblingFiles siblings) {
    TrainingFile file = References.followed(given.withRoot(HydraValues.of(given)));
    JobBuilder job = new JobBuilder(file, KEYS);
    if (isSupervised(given) || isByEngine(given)) {
      new Sft(job).read(given);
      if (!isSupervised(given)) {
        job.notModelled(
            JobKey.STAGE,
            Gap.of("verl.trainer.sft_trainer")
                .needs("what the engine under it keeps of a micro-batch")
                .modelled("verl.trainer.fsdp_sft_trainer"));
      }
      return job.done(name());
    }
    Configuration.sayMissing(job, given);
    Configuration.sayParts(job, given);
    job.put(JobKey.FRAMEWORK_NAME, name().label());
    job.take(MODEL + "path", JobKey.MODEL_ID);
    Nodes.read(job, "trainer.n_gpus_per_node", "trainer.nnodes", 8, LauncherOptions.given(given));
    LauncherOptions.joined(job, given);
    job.reads(List.of(JobKey.STRATEGY), () -> new Spread(job).read(given));
    new Method(job).read();
    new Rollout(job).read();
    recipe(given)
        .ifPresent(
            name ->
                job.notModelled(
                    JobKey.STAGE,
                    Gap.of("recipe ", name, " of verl")
                        .needs("what its own trainer holds beside the actor")
                        .modelled("verl.trainer.main_ppo and recipe.dapo")));
    new Step(job).read();
    return job.done(name());
  }

  /**
   * A recipe with a trainer of its own that a command starts; DAPO's is verl's, which leaves out
   * groups of one reward (recipe/dapo/dapo_ray_trainer.py).
   */
  private static Optional<String> recipe(TrainingFile file) {
    return file.command().stream()
        .flatMap(command -> command.words().stream())
        .map(RECIPE::matcher)
        .filter(Matcher::matches)
        .map(found -> Optional.ofNullable(found.group(1)).orElseGet(() -> found.group(2)))
        .filter(name -> !name.equals("dapo"))
        .findFirst();
  }

  /** The supervised trainer over the engines of 0.7 and later. */
  private static boolean isByEngine(TrainingFile file) {
    return file.command().stream()
        .flatMap(command -> command.words().stream())
        .anyMatch(word -> word.matches("(.*[./])?verl[./]trainer[./]sft_trainer(_ray)?(\\.py)?"));
  }

  private static boolean isSupervised(TrainingFile file) {
    return HydraValues.of(file).at("model").flatMap(VerlReader::at).isPresent();
  }

  private static Optional<Node> at(Node model) {
    return model instanceof Node.Fields fields ? fields.at("partial_pretrain") : Optional.empty();
  }
}
