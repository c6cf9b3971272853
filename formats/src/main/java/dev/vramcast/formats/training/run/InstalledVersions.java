package dev.vramcast.formats.training.run;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.text.TrainingFile;
import java.util.Map;

/** The libraries whose versions a notebook names where it installs them. */
public final class InstalledVersions {

  private static final Map<String, JobKey> PACKAGES =
      Map.of(
          "transformers", JobKey.TRANSFORMERS_VERSION,
          "torch", JobKey.TORCH_VERSION,
          "peft", JobKey.PEFT_VERSION,
          "bitsandbytes", JobKey.BITSANDBYTES_VERSION,
          "accelerate", JobKey.ACCELERATE_VERSION,
          "deepspeed", JobKey.DEEPSPEED_VERSION,
          "liger-kernel", JobKey.LIGER_VERSION,
          "vllm", JobKey.VLLM_VERSION);

  private InstalledVersions() {}

  /**
   * Takes them.
   *
   * @param program as it is written
   */
  public static void read(JobBuilder job, TrainingFile program) {
    PACKAGES.forEach((name, key) -> version(job, program, name, key));
  }

  /** Takes the version of the framework, by the name of its package, too. */
  public static void read(JobBuilder job, TrainingFile program, String framework) {
    read(job, program);
    version(job, program, framework, JobKey.FRAMEWORK_VERSION);
  }

  private static void version(JobBuilder job, TrainingFile program, String name, JobKey key) {
    JobBuilder.in(program, TrainingFile.INSTALLED + "." + name)
        .filter(version -> !job.has(key))
        .ifPresent(version -> job.put(key, version.text(), version));
  }
}
