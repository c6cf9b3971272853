package dev.vramcast.core.job.resolve.stage;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.List;

/**
 * What is not modelled of the engine that generates completions.
 *
 * @param missing is added to
 */
record EngineScope(PartialJob d, Stage stage, List<Gap> missing) {

  void check(FrameworkCode code) {
    GenerationEngine engine = d.get(JobKey.ENGINE, GenerationEngine.class);
    boolean known =
        switch (engine) {
          case NONE, VLLM_SERVER -> true;
          case SGLANG_SERVER, SGLANG_COLOCATE -> !code.stages().does(StageHabit.KNOWS_VLLM_ALONE);
          case TRANSFORMERS -> d.strategy().keepsWeightsWhole() || gathersWhole(code);
          case VLLM_COLOCATE -> !mergesWhole();
          case DEEPSPEED_HYBRID ->
              d.strategy().keepsWeightsWhole() || d.strategy() == Strategy.ZERO3;
          case SHARED ->
              code.stages().does(StageHabit.LENDS_WEIGHTS) && d.strategy().keepsWeightsWhole();
        };
    // trl/experimental/ppo/ppo_trainer.py batch_generation has the policy generate, and so has
    // llamafactory/train/ppo/trainer.py get_inputs.
    boolean itself = code.stages().rollsOut(stage) || code.stages().valuesBesideWords(stage);
    known &= !engine.isOfItsOwn() || !itself;
    boolean quantised = engine.quantisesBeside(d.scheme()) && !quantises(code);
    if (!known || quantised) {
      missing.add(engineGap(engine, code));
    }
  }

  /** TRL asks for 4 bits where it finds linears in them, and refuses those in 8. */
  private boolean quantises(FrameworkCode code) {
    boolean four = d.scheme() == QuantizationScheme.NF4 || d.scheme() == QuantizationScheme.FP4;
    return four
        && code.stages().does(StageHabit.QUANTISES_ENGINE)
        && d.get(JobKey.QUANTIZATION_IMPLEMENTATION, String.class).equals("bitsandbytes");
  }

  private Gap engineGap(GenerationEngine engine, FrameworkCode code) {
    Gap gap = Gap.value(JobKey.ENGINE, engine);
    if (isSglang(engine) && code.stages().does(StageHabit.KNOWS_VLLM_ALONE)) {
      return gap.and(" of framework ", d.get(JobKey.FRAMEWORK_NAME, String.class));
    }
    if (!d.strategy().keepsWeightsWhole()) {
      return gap.and(" under ", JobKey.STRATEGY, " ", d.strategy())
          .needs("what of divided weights is gathered for it");
    }
    return d.isQuantized()
        ? gap.and(" of a quantised model")
            .needs("what an engine stores of weights that it quantises itself")
        : gap;
  }

  private static boolean isSglang(GenerationEngine engine) {
    return engine == GenerationEngine.SGLANG_SERVER || engine == GenerationEngine.SGLANG_COLOCATE;
  }

  /**
   * Adapters are merged for an engine, for which ZeRO-3 gathers all weights at once
   * (trl/generation/vllm_generation.py sync_weights).
   */
  private boolean mergesWhole() {
    return d.strategy() == Strategy.ZERO3 && d.method().trainsAdapters();
  }

  /**
   * What RLOO runs behind the gathering is not traced, PPO gathers its value model too, and of
   * quantised weights what is stored is gathered, not what they stand for.
   */
  private boolean gathersWhole(FrameworkCode code) {
    return d.strategy() == Strategy.ZERO3
        && stage == Stage.GRPO
        && !d.isQuantized()
        && code.stages().does(StageHabit.GATHERS_TO_GENERATE);
  }
}
