package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.LossKernel;

/** What must hold of a job on texts of sound, and on images at which layers look. */
final class SoundChecks {

  private SoundChecks() {}

  /**
   * Whether the model's own code and loss run, on whole layers and sequences.
   *
   * @throws dev.vramcast.core.input.UnsupportedJobException for what nobody has described
   */
  static void checkModelled(Architecture architecture, ResolvedJob job) {
    boolean looks = architecture.encoder().flatMap(Encoder::crossing).isPresent();
    if (architecture.hears() || (looks && job.batch().hasImages())) {
      checkUndivided(architecture, job);
    }
    if (!architecture.hears()) {
      return;
    }
    if (job.objective().stage() != Stage.SFT) {
      throw refusal(architecture, Gap.value(JobKey.STAGE, job.objective().stage()));
    }
    boolean keepsOwn = job.frameworkCode().loss().keepsOwn(architecture.traits().loss());
    // Liger has nothing for the model, and says so.
    if (job.loss() != LossKernel.FULL && job.loss() != LossKernel.LIGER && !keepsOwn) {
      throw refusal(architecture, Gap.value(JobKey.LOSS, job.loss()));
    }
    if (job.frameworkCode().hasOwnModels()) {
      throw refusal(architecture, Gap.about(JobKey.FRAMEWORK_NAME));
    }
  }

  /** Ranks that divide layers or sequences do not divide what layers look at. */
  private static void checkUndivided(Architecture architecture, ResolvedJob job) {
    for (JobKey way : new JobKey[] {JobKey.TENSOR, JobKey.CONTEXT}) {
      int degree = way == JobKey.TENSOR ? job.parallelism().tensor() : job.parallelism().context();
      if (degree > 1) {
        throw refusal(architecture, Gap.value(way, degree));
      }
    }
  }

  private static RuntimeException refusal(Architecture architecture, Gap gap) {
    return gap.and(" for ", architecture.modelType()).refusal();
  }

  /** WhisperForConditionalGeneration.forward: labels beyond {@code max_target_positions}. */
  static void check(Architecture architecture, ResolvedJob job) {
    int length = job.batch().sequenceLength();
    if (architecture.hears() && length > architecture.maxPositions()) {
      throw InputError.about(JobKey.SEQUENCE_LENGTH)
          .isSet(length)
          .and(", but texts of a ", architecture.modelType(), " model are shorter")
          .allowed("1 to " + architecture.maxPositions())
          .refusal();
    }
  }
}
