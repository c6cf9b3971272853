package dev.vramcast.core.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.run.Estimates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether DDP makes its buckets anew, which it does where it looks for no unused parameters. */
class UnusedParametersTest {

  private static final String LORA = " --method lora --checkpointing full";
  private static final String WHOLE = " --method full --checkpointing none";

  @ParameterizedTest
  @ValueSource(strings = {"accelerate", "pytorch", "llama-recipes", "fsdp_qlora", "open-instruct"})
  void a_loop_without_a_trainer_leaves_the_default_of_ddp(String framework) {
    assertThat(makesAnew(framework, LORA)).isTrue();
    assertThat(makesAnew(framework, WHOLE)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"transformers", "trl", "peft"})
  void the_trainer_looks_for_them_unless_a_whole_model_is_checkpointed(String framework) {
    assertThat(makesAnew(framework, LORA)).isFalse();
    assertThat(makesAnew(framework, WHOLE)).isFalse();
    assertThat(makesAnew(framework, " --method full --checkpointing full")).isTrue();
  }

  @Test
  void llama_factory_looks_for_none_of_adapters() {
    assertThat(makesAnew("llama-factory", LORA)).isTrue();
    assertThat(makesAnew("llama-factory", WHOLE)).isFalse();
  }

  private static boolean makesAnew(String framework, String flags) {
    String job = "--strategy ddp --count 2 --framework " + framework + flags;
    return !Estimates.of(Estimates.llama(false), job).trace().renewed().isEmpty();
  }
}
