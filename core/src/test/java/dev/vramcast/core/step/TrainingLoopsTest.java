package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the loops around the model hold while the loss is computed. */
class TrainingLoopsTest {

  private static final long LOGITS = 512L * 65_536;

  private final Architecture wide = Steps.model("llama", Map.of("vocab_size", 65_536));

  @Test
  void torchtitan_computes_the_loss_when_the_model_has_given_up_its_parameters() {
    String flags =
        "--method full --precision bf16-mixed --strategy fsdp2 --count 8 --checkpointing full"
            + " --root-group plain_raf --torch 2.8 --framework ";

    // Its model returns logits; those of Transformers return the loss as well.
    assertThat(Steps.read(wide, flags + "torchtitan").breakdown())
        .doesNotContainKey(Category.GATHERED);
    assertThat(Steps.read(wide, flags + "transformers").breakdown()).containsKey(Category.GATHERED);
  }

  /** _lazy_init left the root's group gathered whatever it was told (pytorch/pytorch#154704). */
  @Test
  void before_pytorch_2_8_the_root_stays_gathered_though_it_is_told_to_be_given_up() {
    String flags =
        "--method full --precision bf16-mixed --strategy fsdp2 --count 8 --checkpointing full"
            + " --root-group plain_raf --framework torchtitan --torch ";

    long table = 65_536 * 1024 * 2;
    assertThat(afterHead(flags + "2.7") - afterHead(flags + "2.8")).isGreaterThanOrEqualTo(table);
  }

  private long afterHead(String flags) {
    return Steps.read(wide, flags).phaseEnds().get(Phase.FORWARD_HEAD);
  }

  /** Its all-to-all hands out as many rows as the others send; routers alone decide how many. */
  @Test
  void the_fullest_gpu_of_experts_keeps_what_routers_send_it() {
    Architecture mixture =
        Steps.model("mixtral", Map.of("num_local_experts", 12, "num_experts_per_tok", 2));
    String flags =
        "--method full --precision bf16-mixed --strategy fsdp2 --count 4 --expert 4"
            + " --checkpointing none --framework torchtitan --expert-imbalance ";
    long even = inputs(mixture, flags + 1);

    assertThat(inputs(mixture, flags + 2)).isEqualTo(2 * even);
    assertThat(inputs(mixture, flags + 4)).isEqualTo(4 * even);
    // Four GPUs together send no more than that.
    assertThat(inputs(mixture, flags + 9)).isEqualTo(4 * even);
  }

  /** The largest tensor that goes into experts. */
  private static long inputs(Architecture mixture, String flags) {
    AllocationTrace trace = Steps.trace(mixture, flags);
    return IntStream.range(0, trace.size())
        .filter(entry -> trace.kind(entry) == AllocationTrace.Kind.ALLOCATE)
        .mapToObj(trace::block)
        .filter(block -> block.name().equals("expert inputs"))
        .mapToLong(Block::bytes)
        .max()
        .orElseThrow();
  }

  /**
   * Two sequences of 256 tokens by 1024 features in 16 bits, before three of four layers: the first
   * one's are embeddings, which stay in every micro-batch.
   */
  @Test
  void unsloth_kept_all_inputs_of_layers_in_the_first_micro_batch_of_a_run_in_2025() {
    String flags = "--method lora --framework unsloth --framework-version ";
    for (String accumulated : new String[] {"4", "1"}) {
      AllocationTrace trace = Steps.trace(wide, flags + "2025.11 --grad-accum " + accumulated);

      assertThat(left(trace.opening()) - left(trace)).isEqualTo(3 * 2 * 256 * 1024 * 2);
      assertThat(trace.opening().aliveAtEnd(Category.GRADIENTS)).isZero();
    }
    assertThat(Steps.trace(wide, flags + "2025.12").opening()).isNull();
    assertThat(Steps.trace(wide, flags + "2024.12").opening()).isNull();
  }

  /** What the layers' forward pass leaves. */
  private static long left(AllocationTrace trace) {
    Map<Phase, Long> ends = TraceReading.of(trace).phaseEnds();
    return ends.get(Phase.FORWARD_LAYERS) - ends.getOrDefault(Phase.LOAD, 0L);
  }

  @Test
  void litgpt_begins_with_fp32_outputs_of_the_iteration_before_unless_the_longest_comes_first() {
    String flags =
        "--method lora --precision bf16 --checkpointing full --framework litgpt --torch ";

    long first = peak(flags + "2.1", Phase.FORWARD_LAYERS);
    long later = peak(flags + "2.2", Phase.FORWARD_LAYERS);

    assertThat(later - first).isEqualTo(4 * LOGITS);
  }

  /**
   * Contexts of products hold a layer's two norms, what attention returns and the MLP's product,
   * and the head's its input; that of the first layer's first norm wants no gradient. Logits of the
   * step before name its graph, and a backward pass frees no context.
   */
  @Test
  void a_graph_that_old_logits_name_holds_inputs_of_its_4_bit_products() {
    long held = 2 * 256 * (4 * (3 * 1024 + 2816) - 1024 + 1024);

    assertThat(left("0.42") - left("0.44")).isEqualTo(held);
  }

  /** What LitGPT's step before has left, in whose stead no other is as long before PyTorch 2.2. */
  private long left(String bitsandbytes) {
    String flags =
        "--method qlora --precision bf16 --micro-batch 1 --checkpointing none --framework litgpt"
            + " --bitsandbytes "
            + bitsandbytes
            + " --torch ";
    return peak(flags + "2.2", Phase.FORWARD_LAYERS) - peak(flags + "2.1", Phase.FORWARD_LAYERS);
  }

  /** bitsandbytes/nn/modules.py Params4bit.cuda was of {@code self.data.half()}. */
  @Test
  void weights_of_four_bits_come_back_in_fp16_before_0_43_and_are_cast() {
    String flags =
        "--method qlora --precision bf16 --micro-batch 1 --sequence-length 8"
            + " --checkpointing full --framework transformers --bitsandbytes ";

    long cast = peak(flags + "0.42", Phase.BACKWARD_LAYERS);
    long kept = peak(flags + "0.43", Phase.BACKWARD_LAYERS);

    // The gradient that stands beside a weight comes when one of both copies is gone.
    assertThat(cast - kept).isEqualTo(2L * 1024 * 2816 - 2L * 8 * 2816);
  }

  /** As the plugin has quantised it from fp16: unpacked in that, and cast. */
  @Test
  void litgpt_quantises_its_head_too() {
    String flags = "--method qlora --precision bf16 --checkpointing full --framework litgpt";
    long head = 2L * 1024 * 65_536;

    Map<Category, Long> alive = Steps.read(wide, flags).breakdown();

    assertThat(alive.get(Category.TEMPORARIES)).isEqualTo(2 * head);
    assertThat(alive.get(Category.WEIGHTS)).isBetween(13 * head / 10, 15 * head / 10);
  }

  /** Beside those of the model: log-probabilities and a gradient, in 16 bits and not in fp32. */
  @Test
  void a_script_without_a_trainer_computes_the_loss_on_16_bit_logits() {
    String flags = "--method lora --precision bf16 --checkpointing full --loss full --framework ";

    long plain = peak(flags + "pytorch", Phase.BACKWARD_HEAD);
    long trainer = peak(flags + "transformers", Phase.BACKWARD_HEAD);

    assertThat(trainer - plain).isGreaterThanOrEqualTo(4 * LOGITS);
  }

  /** accelerate widens what a model returns under autocast, and the loop's name holds that. */
  @Test
  void a_loop_around_accelerate_holds_fp32_logits_into_the_next_step() {
    String flags =
        "--method full --precision bf16-mixed --checkpointing full --loss full --framework ";

    for (Phase phase : List.of(Phase.BACKWARD_HEAD, Phase.FORWARD_HEAD)) {
      long loop = peak(flags + "accelerate", phase);
      long trainer = peak(flags + "transformers", phase);

      assertThat(loop - trainer).as(phase.toString()).isEqualTo(4 * LOGITS);
    }
  }

  /** Beside log-probabilities and two gradients, where a plain loop holds 16-bit outputs. */
  @Test
  void prime_rl_holds_fp32_outputs_through_the_backward_pass() {
    String flags =
        "--method full --precision bf16-mixed --strategy fsdp2 --count 2 --model-dtype fp32"
            + " --checkpointing full --root-group plain_raf --torch 2.9 --framework ";

    long prime = peak(flags + "prime-rl --framework-version 0.3", Phase.BACKWARD_HEAD);
    long plain = peak(flags + "pytorch", Phase.BACKWARD_HEAD);

    assertThat(prime - plain).isEqualTo(2 * LOGITS);
  }

  /** Of the pass before, in 16 bits. */
  @Test
  void a_script_without_a_trainer_holds_its_logits_into_the_next_step() {
    String flags = "--method full --precision bf16 --checkpointing full --loss full --framework ";

    for (Phase phase : List.of(Phase.FORWARD_LAYERS, Phase.BACKWARD_LAYERS)) {
      long plain = peak(flags + "pytorch", phase);
      long trainer = peak(flags + "transformers", phase);

      assertThat(plain - trainer).as(phase.toString()).isEqualTo(2 * LOGITS);
    }
  }

  /** Two fp32 moments of a parameter, which two ranks share: on the GPU while the step runs. */
  @Test
  void prime_rl_brings_optimizer_states_from_the_host_for_the_step() {
    String flags =
        "--method full --precision bf16-mixed --strategy fsdp2 --count 2 --model-dtype fp32"
            + " --checkpointing full --loss chunked --framework prime-rl --offload optimizer";

    String kept = flags.replace(" --offload optimizer", "");

    assertThat(peak(flags, Phase.STEP)).isEqualTo(peak(kept, Phase.STEP));
    assertThat(peak(kept, Phase.BACKWARD_HEAD) - peak(flags, Phase.BACKWARD_HEAD))
        .isEqualTo(Steps.read(wide, kept).breakdown().get(Category.OPTIMIZER));
  }

  /**
   * Its model returns fp32, which no graph of the loss can undo: 4 bytes more and 4 of gradient.
   */
  @Test
  void torchtune_compiles_the_loss_behind_logits_that_are_fp32_by_then() {
    String flags =
        "--method full --precision bf16 --compile true --loss full --checkpointing full"
            + " --torch 2.9 --framework ";

    long torchtune = peak(flags + "torchtune", Phase.FORWARD_HEAD);
    long torchtitan = peak(flags + "torchtitan", Phase.FORWARD_HEAD);

    assertThat(torchtune - torchtitan).isBetween(4 * LOGITS, 4 * LOGITS + LOGITS / 8);
  }

  @Test
  void automodel_holds_16_bit_outputs_through_the_backward_pass() {
    String flags = "--method full --precision bf16 --loss full --checkpointing full --framework ";

    long held = peak(flags + "nemo-automodel", Phase.BACKWARD_HEAD);
    long dropped = peak(flags + "torchtune", Phase.BACKWARD_HEAD);

    assertThat(held - dropped).isBetween(2 * LOGITS, 3 * LOGITS);
  }

  /** Beside them a weight of 4 bits has its constants: 0.127 bits double quantised. */
  @Test
  void layers_that_a_checkpoint_keeps_in_16_bits_are_not_quantised() {
    Architecture whole = Steps.model("llama", Map.of());
    Architecture dynamic =
        Steps.model(
            "llama",
            Map.of(
                "quantization_config",
                Map.of("llm_int8_skip_modules", List.of("model.layers.1.mlp"))));
    String flags = "--method qlora --double-quant true --kbit-prepare false --framework peft";

    long difference =
        Steps.read(dynamic, flags).breakdown().get(Category.WEIGHTS)
            - Steps.read(whole, flags).breakdown().get(Category.WEIGHTS);

    long kept = 3L * 1024 * 2816;
    assertThat(difference).isBetween(148 * kept / 100, 149 * kept / 100);
  }

  @Test
  void loops_that_reduce_every_micro_batch_keep_shards_of_gradients_between_them() {
    String flags =
        "--method full --precision bf16 --strategy fsdp2 --count 8 --checkpointing full"
            + " --reduce-dtype bf16 --loss full --grad-accum ";

    long whole = leftByEarlier(flags, "transformers");
    for (String framework : new String[] {"torchtitan", "torchtune", "prime-rl"}) {
      long shards = leftByEarlier(flags, framework);
      assertThat(shards).as(framework).isBetween(whole / 9, whole / 7);
    }
    // accelerate's no_sync did nothing under FSDP2 before 1.11.
    assertThat(leftByEarlier(flags, "transformers --accelerate 1.10"))
        .isBetween(whole / 9, whole / 7);
  }

  @Test
  void llama_recipes_of_2023_kept_keys_and_values_of_all_layers_until_the_model_returned() {
    String flags =
        "--method full --strategy fsdp1 --count 2 --precision bf16 --checkpointing full"
            + " --framework llama-recipes --transformers ";

    long cached = peak(flags + "4.32", Phase.FORWARD_LAYERS);
    long without = peak(flags + "4.33", Phase.FORWARD_LAYERS);

    assertThat(cached - without).isPositive();
  }

  @Test
  void unsloth_quantises_experts_that_are_stacked_in_one_parameter() {
    Architecture mixture =
        Steps.model(
            "qwen3_moe",
            Map.of("num_experts", 8, "num_experts_per_tok", 2, "moe_intermediate_size", 1024));
    String flags = "--method qlora --targets q_proj --kbit-prepare false --framework ";

    long unsloth = Steps.read(mixture, flags + "unsloth").breakdown().get(Category.WEIGHTS);
    long peft = Steps.read(mixture, flags + "peft").breakdown().get(Category.WEIGHTS);

    // 4 layers of 8 experts of three matrices, at half a byte and a bit in place of two.
    long experts = 4L * 8 * 3 * 1024 * 1024;
    assertThat(peft - unsloth).isBetween(14 * experts / 10, 15 * experts / 10);
  }

  /** Inputs of norms and parts, which are four a layer; a checkpoint of the layer has one. */
  @Test
  void nemo_automodel_keeps_inputs_of_the_parts_of_a_layer() {
    Architecture narrow = Steps.model("llama", Map.of());
    String flags = "--method full --precision bf16 --checkpointing full --framework ";

    long parts = Steps.read(narrow, flags + "nemo-automodel").phaseEnds().get(Phase.FORWARD_LAYERS);
    long layers = Steps.read(narrow, flags + "torchtune").phaseEnds().get(Phase.FORWARD_LAYERS);

    long hidden = 2L * 2 * 256 * 1024;
    assertThat(parts - layers).isBetween(12 * hidden, 13 * hidden);
  }

  /** Bytes with which the second of two micro-batches begins beyond those of an only one. */
  private long leftByEarlier(String flags, String framework) {
    String all = flags + "%d --framework " + framework;
    return atLayersEnd(all.formatted(2)) - atLayersEnd(all.formatted(1));
  }

  private long atLayersEnd(String flags) {
    return Steps.read(wide, flags).phaseEnds().get(Phase.FORWARD_LAYERS);
  }

  private long peak(String flags, Phase phase) {
    TraceReading reading = Steps.read(wide, flags);
    return reading.phasePeaks().get(phase);
  }
}
