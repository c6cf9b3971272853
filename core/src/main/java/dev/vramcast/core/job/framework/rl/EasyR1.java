package dev.vramcast.core.job.framework.rl;

import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Set;

/** EasyR1 0.3. */
public final class EasyR1 {

  private static final String ROLLOUT = "verl/workers/rollout/config.py";

  public static final FrameworkRules RULES =
      Verl.hybrid(
              "easyr1",
              "verl/workers/actor/config.py",
              "verl/workers/actor/config.py",
              "verl/workers/fsdp_workers.py",
              64)
          .is(FrameworkCode.SUPERVISED, Set.of(), "verl/trainer")
          .is(JobKey.MICRO_BATCH, 4, "verl/workers/actor/config.py")
          .is(JobKey.ENGINE_FRACTION, 0.6, ROLLOUT)
          .is(JobKey.ENGINE_TENSOR, 2, ROLLOUT)
          .doesWhen(
              JobKey.STEPS_PER_GENERATION,
              Completed::generates,
              "verl/trainer/config.py rollout_batch_size",
              d -> Completed.rounds(d, 512))
          // What is smaller is made as large as min_pixels.
          .is(JobKey.IMAGE_SIZE, List.of(512, 512), "verl/utils/dataset.py process_image")
          .is(LoopCode.FETCHES_STEP, true, "verl/workers/fsdp_workers.py update_actor")
          .is(LoopCode.AUTOCASTS_UNDER_FSDP, false, "verl/workers/actor/dp_actor.py")
          .is(
              SaveCode.CONSOLIDATOR,
              SaveCode.Consolidator.NONE,
              "scripts/model_merger.py, not described")
          .is(SaveCode.INTERVAL, new SaveCode.AtEnd(), "verl/trainer/ray_trainer.py fit")
          // _build_model_optimizer loads what is not trained in bf16.
          .is(JobKey.REFERENCE_DTYPE, DataType.BF16, "verl/workers/fsdp_workers.py")
          .done();

  private EasyR1() {}
}
