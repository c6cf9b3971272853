package dev.vramcast.formats.training.llamafactory;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;

/** KTransformers: {@code hparams/model_args.py KTransformersArguments}. */
final class ExpertsOnHost {

  private ExpertsOnHost() {}

  /**
   * Files of weights are int8; else the backend is that of a configuration of accelerate, which is
   * another file, and where none says it AMXBF16 (kt-kernel/python/sft/config.py KTConfig).
   */
  static void read(JobBuilder job) {
    job.reads(
        List.of(JobKey.OFFLOAD),
        () -> job.get("use_kt").filter(Setting::bool).ifPresent(on -> kept(job, on)));
  }

  private static void kept(JobBuilder job, Setting on) {
    boolean narrow = job.get("kt_weight_path").isPresent();
    OffloadTarget kept = narrow ? OffloadTarget.EXPERTS_INT8 : OffloadTarget.EXPERTS;
    job.put(JobKey.OFFLOAD, List.of(kept.label()), on);
    if (!narrow) {
      job.assume(
          JobKey.OFFLOAD,
          on.key(),
          ": experts are counted in bf16, as AMXBF16 keeps them; ",
          JobKey.OFFLOAD,
          " experts-int8 is AMXINT8 (kt_backend of accelerate's file)");
    }
  }
}
