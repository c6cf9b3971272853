package dev.vramcast.core.run.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.Phase;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelledTest {

  @Test
  void the_torch_path_of_mamba_2_holds_the_scores_of_its_chunks() {
    Architecture mamba =
        Estimates.model("granitemoehybrid", Map.of("mamba_n_heads", 8, "num_local_experts", 0));
    long kernels = Estimates.of(mamba, "--transformers 5.24.0").allocatedBytes();
    assertThat(Estimates.of(mamba, "--transformers 5.24.0 --mixer kernel").allocatedBytes())
        .isEqualTo(kernels);
    assertThat(Estimates.of(mamba, "--transformers 5.24.0 --mixer torch").allocatedBytes())
        .isGreaterThan(kernels);
  }

  @Test
  void the_torch_path_before_einsum_is_not_modelled() {
    Architecture mamba =
        Estimates.model("falcon_h1", Map.of("mamba_n_heads", 4, "mamba_d_ssm", 1024));
    assertThatThrownBy(() -> Estimates.of(mamba, "--mixer torch --transformers 5.12.0"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage("model.mixer torch is not modelled yet");
  }

  @Test
  void the_kernel_of_a_whole_mamba_mixer_takes_no_quantised_weights() {
    Architecture mamba = Estimates.model("falcon_mamba", Map.of());
    String qlora = "--method qlora --targets in_proj --transformers 5.24.0 --mixer ";
    assertThatThrownBy(() -> Estimates.of(mamba, qlora + "kernel"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("whose kernel takes whole weights");
    assertThat(Estimates.of(mamba, qlora + "torch").allocatedBytes()).isPositive();
  }

  @Test
  void where_there_are_none_it_changes_nothing() {
    Architecture llama = Estimates.llama(false);
    assertThat(Estimates.of(llama, "--mixer torch").allocatedBytes())
        .isEqualTo(Estimates.of(llama, "").allocatedBytes());
  }

  @Test
  void all_that_is_missing_is_named_in_one_sentence() {
    Architecture llama = Estimates.llama(false);
    assertThatThrownBy(
            () -> Estimates.of(llama, "--memory-in-use 3 --system wsl --optimizer adamw-cpu"))
        .hasMessage(
            "optimizer.name adamw-cpu, hardware.memory_in_use and hardware.system wsl (what Windows"
                + " keeps of a card, and how much of the host it lets a process pin) are not"
                + " modelled yet, modelled: optimizer.name adamw with parallelism.offload optimizer"
                + " under zero1, zero2 and zero3, where DeepSpeed's steps on the host;"
                + " hardware.system linux");
    assertThatThrownBy(() -> Estimates.of(llama, "--memory-in-use 3"))
        .hasMessage("hardware.memory_in_use is not modelled yet");
  }

  @Test
  void smoothed_labels_cost_memory() {
    Architecture llama = Estimates.llama(false);
    String job = "--method full --sequence-length 2048 --micro-batch 2 ";
    assertThat(Estimates.of(llama, job + "--label-smoothing 0.1").phasePeaks())
        .isNotEqualTo(Estimates.of(llama, job).phasePeaks());
  }

  /** transformers/trainer.py compute_loss, on all that a class with such a head returns. */
  @Test
  void smoothed_labels_of_tokens_with_classes_are_taken_of_all_logits() {
    Architecture labels =
        Families.labelling(
            new ModelConfig("config.json", Estimates.config("qwen3", Map.of())), 4096);
    String job =
        "--stage token-classification --labels 4096 --method full --sequence-length 2048"
            + " --micro-batch 2 --precision bf16 ";
    long plain = forwardHead(labels, job);
    long smoothed = forwardHead(labels, job + "--label-smoothing 0.1");

    // Two tensors in bf16 for two in fp32, and the model has returned, whose names held one more.
    long tokens = 2 * 2048;
    assertThat(plain - smoothed).isEqualTo(tokens * 4096 * 2 * (4 - 2) + tokens * 1024 * 2);
  }

  private static long forwardHead(Architecture model, String job) {
    return Estimates.of(model, job).phasePeaks().get(Phase.FORWARD_HEAD);
  }

  @Test
  void a_head_that_selects_labels_needs_less_where_few_tokens_have_one() {
    Architecture llama = Estimates.llama(false);
    String trl = "--framework trl --framework-version 1.16.0 --transformers 5.24.0";
    assertThat(Estimates.of(llama, trl + " --scored-fraction 0.1").allocatedBytes())
        .isLessThan(Estimates.of(llama, trl).allocatedBytes());
  }
}
