package dev.vramcast.core.job.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.AttentionKernel;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Attention that is asked for by name: src/transformers/modeling_utils.py _sdpa_can_dispatch. */
class AttentionRulesTest {

  private static ResolvedJob resolved(String type, String flags) {
    Map<String, Object> config =
        Map.of(
            "model_type", type,
            "n_embd", 512,
            "n_head", 8,
            "n_layer", 2,
            "rotary_dim", 64,
            "vocab_size", 4096);
    String job = "--framework trl --method full --sequence-length 512 " + flags;
    return JobResolver.resolve(Jobs.of(job).withFound(new ModelConfig("config.json", config)))
        .job();
  }

  @Test
  void sdpa_is_refused_by_name_of_a_class_that_has_none() {
    assertThatThrownBy(() -> resolved("gptj", "--transformers 4.57.6 --attention sdpa"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "--attention: attention is sdpa, but the class of gptj in Transformers 4.57.6 \"does"
                + " not support an attention implementation through"
                + " torch.nn.functional.scaled_dot_product_attention\", allowed: eager");
  }

  @Test
  void the_default_of_such_a_class_runs_what_is_written_in_python() {
    assertThat(resolved("gptj", "--transformers 4.57.6").attention())
        .isEqualTo(AttentionKernel.SDPA);
    assertThat(resolved("gptj", "--transformers 5.24.0 --attention sdpa").attention())
        .isEqualTo(AttentionKernel.SDPA);
  }
}
