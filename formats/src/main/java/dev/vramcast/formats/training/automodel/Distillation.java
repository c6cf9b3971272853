package dev.vramcast.formats.training.automodel;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.trainer.Dtypes;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** nemo_automodel/recipes/llm/kd.py. */
final class Distillation {

  private final JobBuilder job;

  Distillation(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.take("teacher_model.pretrained_model_name_or_path", JobKey.TEACHER);
    job.any("teacher_model.torch_dtype", "teacher_model.dtype")
        .ifPresent(
            dtype ->
                job.reads(
                    List.of(JobKey.TEACHER_DTYPE),
                    () ->
                        Dtypes.of(dtype)
                            .ifPresent(kept -> job.put(JobKey.TEACHER_DTYPE, kept, dtype))));
    Stream.of("separate_meshes", "offload_teacher_model")
        .flatMap(key -> job.get(key).filter(Setting::bool).stream())
        .forEach(this::otherwise);
    job.get("kd_loss_fn.fp32_upcast").filter(on -> !on.bool()).ifPresent(this::otherwise);
    job.get("loss_fn.fp32_upcast").filter(on -> !on.bool()).ifPresent(this::otherwise);
    job.get("kd_loss_fn.chunk_size").filter(size -> !size.isIdle()).ifPresent(this::otherwise);
    job.get("kd_ratio")
        .filter(share -> share.number().compareTo(BigDecimal.ONE) >= 0)
        .ifPresent(this::otherwise);
    loss("kd_loss_fn._target_", "KDLoss");
    loss("loss_fn._target_", "MaskedCrossEntropy");
  }

  /**
   * {@code resolve_storage_dtype} of components/optim/precision_warnings.py, which these recipes
   * alone call: weights that torch's own optimizer updates are in fp32 where nothing is said.
   */
  static boolean keepsMaster(JobBuilder job) {
    return job.is(JobKey.STAGE, "distillation")
        && job.is(JobKey.METHOD, "full")
        && job.get("optimizer._target_")
            .filter(named -> named.text().startsWith("torch.optim."))
            .isPresent();
  }

  private void loss(String key, String known) {
    Optional<Setting> other = job.get(key).filter(named -> !named.text().endsWith("." + known));
    other.ifPresent(this::otherwise);
  }

  private void otherwise(Setting set) {
    job.notModelled(JobKey.STAGE, set, Gap.of(set.key(), " ", set.shown(), " of distillation"));
  }
}
