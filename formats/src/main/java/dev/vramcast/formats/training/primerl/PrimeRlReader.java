package dev.vramcast.formats.training.primerl;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import java.util.List;

/** prime-rl's TOML for {@code rl}: a trainer, an orchestrator and an engine. */
public final class PrimeRlReader implements ConfigReader {

  private static final KeyTable KEYS = KeyTable.of(PrimeRlReader.class, "keys.tsv");

  @Override
  public FormatName name() {
    return FormatName.PRIME_RL;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    int told = file.count("trainer", "inference", "deployment", "trainer_gpu_ids");
    boolean own = file.has("orchestrator") && told > 0 && !isOfKubernetes(file);
    return isHosted(file) || file.form() == Form.TREE && own
        ? new Recognition(14 + told)
        : Recognition.NONE;
  }

  /** Values of its Helm chart (k8s/prime-rl), whose commands name the files of the job. */
  private static boolean isOfKubernetes(TrainingFile file) {
    return file.node("trainer.command").isPresent() || file.node("trainer.resources").isPresent();
  }

  /** Settings of {@code prime rl run}, which trains on machines of Prime Intellect. */
  private static boolean isHosted(TrainingFile file) {
    return file.form() == Form.TREE
        && file.has("rollouts_per_example")
        && file.has("env")
        && file.node("model").filter(model -> model.value() instanceof String).isPresent();
  }

  @Override
  public Reading read(TrainingFile file, SiblingFiles siblings) {
    if (isHosted(file)) {
      return hosted(file);
    }
    JobBuilder job = new JobBuilder(file, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, name().label());
    job.any("trainer.model.name", "model.name")
        .ifPresent(
            model -> job.reads(List.of(JobKey.MODEL_ID), () -> job.put(JobKey.MODEL_ID, model)));
    new Deployment(job).read();
    new Trainer(job).read();
    new Orchestrator(job).read();
    return job.done(name());
  }

  private Reading hosted(TrainingFile file) {
    JobBuilder job = new JobBuilder(file, KEYS.open());
    job.take("model", JobKey.MODEL_ID);
    job.put(JobKey.STAGE, "grpo");
    job.take("rollouts_per_example", JobKey.GROUP_SIZE);
    job.notModelled(
        JobKey.FRAMEWORK_NAME,
        Gap.of("training by prime rl run")
            .needs("on which cards of Prime Intellect it runs, and how they are divided")
            .modelled("a file of prime-rl with trainer, orchestrator and inference"));
    return job.done(name());
  }
}
