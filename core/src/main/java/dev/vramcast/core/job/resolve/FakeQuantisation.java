package dev.vramcast.core.job.resolve;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.List;
import java.util.stream.Stream;

/** Training with fake-quantised linears. */
final class FakeQuantisation {

  /**
   * int8 inputs by the token, int4 weights by groups (torchao's Int8DynActInt4WeightQATQuantizer).
   */
  private static final String SCHEME = "qat-int4";

  private FakeQuantisation() {}

  static boolean isAsked(PartialJob d) {
    return d.isSet(JobKey.TRAINING_SCHEME, SCHEME);
  }

  /**
   * torchtune/modules/peft/lora.py QATLoRALinear.from_lora_linear and
   * recipes/qat_lora_finetune_distributed.py _convert_model_to_qat.
   */
  static void check(PartialJob d) {
    Method method = d.method();
    boolean runs = method == Method.FULL || method == Method.LORA || method == Method.RSLORA;
    if (isAsked(d) && (!runs || d.isQuantized())) {
      throw InputError.about(JobKey.TRAINING_SCHEME)
          .at(d.document().place(JobKey.TRAINING_SCHEME))
          .isSet(SCHEME)
          .and(", which rounds weights that are stored whole, but ")
          .and(runs ? JobKey.QUANTIZATION_SCHEME : JobKey.METHOD, " is ")
          .and(runs ? d.scheme() : method)
          .allowed(JobKey.METHOD, " full, lora, without quantisation")
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
  }

  /** What of the settings beside it is not described, or that the framework's code is not. */
  static List<Gap> missing(PartialJob d, Objective objective, FrameworkCode code) {
    if (!isAsked(d)) {
      return List.of();
    }
    boolean adapted = d.method().trainsAdapters();
    if (code.fakeQuantiser(adapted) == LayerCode.FakeQuantiser.NONE) {
      return List.of(Gap.about(JobKey.TRAINING_SCHEME));
    }
    Stream<JobKey> beside =
        Stream.of(JobKey.TENSOR, JobKey.CONTEXT, JobKey.PIPELINE).filter(key -> d.whole(key) > 1);
    Stream<JobKey> others =
        Stream.concat(
            d.yes(JobKey.COMPILE) ? Stream.of(JobKey.COMPILE) : Stream.empty(),
            objective.stage() == Stage.SFT ? Stream.empty() : Stream.of(JobKey.STAGE));
    return Stream.concat(beside, others)
        .map(key -> Gap.value(JobKey.TRAINING_SCHEME, SCHEME).and(" with ", key))
        .toList();
  }
}
