package dev.vramcast.core.plan.setting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.plan.setting.Variant.Spread;
import dev.vramcast.core.plan.setting.Variant.Taught;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VariantTest {

  @Test
  void all_that_a_plan_chooses_beside_what_is_learned_is_among_its_keys() {
    Variant all =
        new Variant(
            new Taught(Optional.empty(), Optional.empty(), Optional.empty()),
            new Spread(Optional.of(Strategy.ZERO3), List.of(OffloadTarget.OPTIMIZER)),
            Optional.of(Checkpointing.FULL),
            Optional.of(LossKernel.values()[0]),
            Optional.of(OptimizerName.ADAMW));
    JobDocument chosen = new BatchSplit(2, 4).on(all.on(JobDocument.empty()));

    assertThat(chosen.entries().keySet()).containsExactlyInAnyOrderElementsOf(Variant.KEYS);
  }
}
