package dev.vramcast.core.job.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.Notice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnmodelledKeysTest {

  private static final String JOB = "--sequence-length 64 ";

  @ParameterizedTest
  @CsvSource({
    "--optimizer adamw-cpu, optimizer.name adamw-cpu",
    "--optimizer badam, optimizer.name badam with method lora",
    "--quantized-training mxfp8, 'quantized_training.scheme mxfp8 (which copies and scales of"
        + " blocks are kept beside weights in 16 bits)'",
    "--quantized-training fp8 --quantized-training-implementation transformer-engine --method lora,"
        + " quantized_training.scheme with method lora",
    "--quantized-training fp8 --quantized-training-implementation transformer-engine --method full"
        + " --count 2 --strategy fsdp2, 'quantized_training.scheme of transformer-engine under"
        + " parallelism.strategy fsdp2 (what its linears make of gathered weights in 16 bits, as"
        + " accelerate puts no fp8_autocast around them)'",
    "--quantized-training fp8 --quantized-training-implementation transformer-engine --method full"
        + " --checkpointing full --framework torchtitan, 'quantized_training.scheme of"
        + " transformer-engine under framework.name torchtitan (which of its modules are"
        + " TransformerEngine''s)'",
    "--quantized-training fp8 --quantized-training-implementation transformer-engine --method lora"
        + " --checkpointing full, quantized_training.scheme with method lora",
    "--quantized-training fp8 --quantized-training-implementation transformer-engine --method full"
        + " --checkpointing full --count 2 --strategy fsdp2, 'quantized_training.scheme of"
        + " transformer-engine under parallelism.strategy fsdp2 (what its linears make of gathered"
        + " weights in 16 bits, as accelerate puts no fp8_autocast around them)'",
    "--quantized-training fp8 --quantized-training-implementation transformer-engine --method full"
        + " --checkpointing none --count 2 --strategy zero2, 'quantized_training.scheme of"
        + " transformer-engine under parallelism.strategy zero2 (what its linears keep of an"
        + " engine''s weights that stay in fp32)'",
    "--quantized-training fp8 --method lora --count 2 --strategy megatron,"
        + " quantized_training.scheme with method lora",
    "--quantized-training fp8 --method full --count 2 --strategy megatron --framework nanotron,"
        + " quantized_training.scheme under framework.name nanotron",
    "--quantized-training fp8 --quantized-training-implementation torchao --method full --count 2"
        + " --strategy megatron, quantized_training.scheme fp8 of torchao under"
        + " parallelism.strategy megatron",
    "--quantized-training fp8 --quantized-training-implementation ms-amp,"
        + " 'quantized_training.scheme fp8 of ms-amp (which dtypes weights, gradients and states"
        + " of its optimizer are stored in)'",
    "--quantized-training fp8 --method lora, quantized_training.scheme with method lora",
    "--memory-in-use 2, hardware.memory_in_use",
    "--system windows, 'hardware.system windows (what Windows keeps of a card, and how much of the"
        + " host it lets a process pin)'",
    "--loss-type dft, objective.loss_type dft",
    "--count 2 --context 2 --strategy megatron --sequence-scheme ulysses,"
        + " parallelism.sequence_scheme ulysses under parallelism.strategy megatron",
  })
  void a_key_that_would_change_the_answer_is_named(String flags, String missing) {
    assertThat(Jobs.resolve(JOB + flags).job().notModelled())
        .extracting(Gap::toString)
        .containsExactly(missing);
  }

  @ParameterizedTest
  @CsvSource({
    "--images 0",
    "--images 2",
    "--segments 1",
    "--mixer kernel",
    "--evaluation-batches 0",
    "--merge false",
    "--merge true",
    "--saved-state full",
    "--host-memory 64",
    "--save-total-limit 3",
    "--quantized-training none",
    "--quantized-training fp8 --method full",
    "--system linux",
    "--label-smoothing 0.1",
    "--segments 4",
    "--neftune-alpha 5",
    "--scored-fraction 0.5",
    "--loss-type nll",
    "--stage pretrain",
    "--stage sft",
  })
  void what_holds_without_a_key_may_be_said(String flags) {
    Resolution said = Jobs.resolve(JOB + flags);
    assertThat(said.job().notModelled()).isEmpty();
    assertThat(said.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--vllm 0.11.0|--vllm: framework.vllm has no effect yet on any figure",
        "--image-size 8,9|--image-size: batch.image_size is ignored: batch.images is 0",
        "--merge-device cpu|--merge-device: saving.merge_device is ignored: saving.merge is false",
        "--expert-imbalance 2|--expert-imbalance: parallelism.expert_imbalance is ignored:"
            + " parallelism.expert is 1",
        "--sequence-scheme ring|--sequence-scheme: parallelism.sequence_scheme is ignored:"
            + " parallelism.context is 1",
      })
  void a_key_without_effect_is_said_to_have_none(String flags, String warning) {
    Resolution resolution = Jobs.resolve(JOB + flags);
    assertThat(resolution.job().notModelled()).isEmpty();
    assertThat(resolution.warnings()).extracting(Notice::toString).containsExactly(warning);
  }
}
