package dev.vramcast.core.job.resolve;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose code may run an optimizer. */
class OptimizerCodeTest {

  @ParameterizedTest
  @CsvSource({
    "ademamix, torchao, bitsandbytes",
    "lion-8bit, torchao, bitsandbytes",
    "paged-adamw-8bit, torchao, bitsandbytes",
    "rmsprop, apex, 'foreach, for-loop, bitsandbytes'",
    "schedule-free-sgd, bitsandbytes, 'foreach, for-loop'",
    "adamw-8bit, apex, 'bitsandbytes, torchao'",
    "adamw, torchao, 'foreach, fused, for-loop, bitsandbytes, deepspeed, apex, or optimizer.name"
        + " adamw-8bit, adamw-4bit'"
  })
  void an_optimizer_that_nobody_has_written_is_refused(
      String name, String implementation, String allowed) {
    assertThatThrownBy(() -> JobResolver.resolve(optimizer(name, implementation)))
        .hasMessageEndingWith(
            "optimizer.implementation is "
                + implementation
                + ", but that has no optimizer.name "
                + name
                + ", allowed: "
                + allowed);
  }

  @Test
  void adagrad_has_a_fused_kernel_on_a_gpu_since_pytorch_2_13() {
    JobDocument job = optimizer("adagrad", "fused");
    JobDocument older = job.withFlag(JobKey.TORCH_VERSION, "2.8");

    assertThatCode(() -> JobResolver.resolve(job)).doesNotThrowAnyException();
    assertThatThrownBy(() -> JobResolver.resolve(older))
        .hasMessageEndingWith("allowed: foreach, for-loop, bitsandbytes");
  }

  @Test
  void galore_has_a_kernel_of_bitsandbytes_beside_its_loop() {
    JobDocument job = optimizer("galore", "bitsandbytes");

    assertThatCode(() -> JobResolver.resolve(job)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @EnumSource(OptimizerName.class)
  void what_usually_runs_an_optimizer_may_be_stated(OptimizerName name) {
    for (OptimizerImplementation implementation : name.implementations()) {
      JobDocument job = optimizer(name.label(), implementation.label());
      assertThatCode(() -> JobResolver.resolve(job)).doesNotThrowAnyException();
    }
  }

  private static JobDocument optimizer(String name, String implementation) {
    return JobDocument.empty()
        .withFlag(JobKey.SEQUENCE_LENGTH, "512")
        .withFlag(JobKey.METHOD, "full")
        .withFlag(JobKey.OPTIMIZER_NAME, name)
        .withFlag(JobKey.OPTIMIZER_IMPLEMENTATION, implementation);
  }
}
