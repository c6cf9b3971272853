package dev.vramcast.formats.training.torchtune;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.trainer.Dtypes;
import dev.vramcast.formats.training.trainer.StageNames;
import java.util.List;
import java.util.Optional;

/** recipes/knowledge_distillation_single_device.py and knowledge_distillation_distributed.py. */
final class Distillation {

  private static final String CHUNKED = "ForwardKLWithChunkedOutputLoss";

  private final JobBuilder job;

  Distillation(JobBuilder job) {
    this.job = job;
  }

  void read() {
    Optional<Setting> teacher = job.get("teacher_model._component_");
    if (teacher.isEmpty()) {
      StageNames.read(job, "distillation without a named teacher");
      return;
    }
    StageNames.read(job, teacher.get(), "distillation");
    job.reads(
        List.of(JobKey.TEACHER),
        () -> job.put(JobKey.TEACHER, Model.id(teacher.get()), teacher.get()));
    job.get("dtype")
        .flatMap(Dtypes::of)
        .ifPresent(dtype -> job.put(JobKey.TEACHER_DTYPE, dtype, JobKey.TEACHER));
    if (teacher.get().text().contains(".qlora_") || job.isOn("teacher_model.quantize_base")) {
      job.notModelled(
          JobKey.TEACHER_QUANTIZATION, Gap.of("a teacher whose base torchao quantises"));
    }
    only("kd_loss._component_", CHUNKED);
    only("loss._component_", "CEWithChunkedOutputLoss");
  }

  /** Another loss keeps other tensors of both models' logits. */
  private void only(String key, String known) {
    job.get(key)
        .filter(loss -> !loss.text().endsWith("." + known))
        .ifPresent(
            loss ->
                job.notModelled(
                    JobKey.STAGE,
                    loss,
                    Gap.of(key, " ", loss.shown(), " of distillation").modelled(known)));
  }
}
