package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every block of a trace knows the module, the operation and the code that make it. */
class ModulesOfBlocksTest {

  private static final Architecture MIXTURE =
      Estimates.model("mixtral", Map.of("num_local_experts", 4, "num_experts_per_tok", 2));

  private static List<Block> blocks(Architecture architecture, String flags) {
    AllocationTrace trace = Estimates.of(architecture, flags).trace();
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < trace.size(); i++) {
      if (trace.kind(i) == AllocationTrace.Kind.ALLOCATE) {
        blocks.add(trace.block(i));
      }
    }
    return blocks;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--method full",
        "--method full --compile true --checkpointing full",
        "--method lora --checkpointing full --attention eager",
        "--method oft --targets q_proj,v_proj",
        "--method ia3 --targets q_proj,down_proj",
        "--method vera --checkpointing full",
        "--method loha --checkpointing full",
        "--method lokr --rank 4",
        "--method miss --rank 12 --dropout 0.1",
        "--method dora --targets q_proj,v_proj --optimizer paged-adamw-8bit",
        "--method qlora --checkpointing offloaded --loss liger",
        "--method qlora --framework unsloth",
        "--method full --strategy ddp --count 4",
        "--method full --strategy fsdp2 --count 4 --grad-accum 2",
        "--method full --strategy fsdp1 --count 4 --grad-accum 2",
        "--method full --strategy zero2 --count 4",
        "--method full --strategy zero3 --count 4 --offload optimizer,parameters",
        "--method full --strategy megatron --tensor 2 --count 4 --sequence-parallel true",
        "--method full --framework torchtitan --strategy fsdp2 --count 4 --context 2",
        "--method lora --framework trl --loss chunked",
        "--method full --optimizer muon"
      })
  void every_block_says_its_operation_and_its_code(String flags) {
    List<Block> blocks = new ArrayList<>(blocks(Estimates.llama(false), flags));
    if (!flags.contains("megatron")) {
      blocks.addAll(blocks(MIXTURE, flags));
    }

    assertThat(
            blocks.stream()
                .filter(
                    block ->
                        block.operation().name().isEmpty()
                            || (block.operation().source() + block.module().code()).isEmpty())
                .map(block -> block.name() + " by " + block.operation() + " in " + block.module())
                .distinct())
        .isEmpty();
  }

  @Test
  void weights_are_those_of_the_modules_of_the_checkpoint() {
    Set<String> paths =
        blocks(Estimates.llama(false), "--method full").stream()
            .filter(block -> block.category() == Category.WEIGHTS)
            .map(block -> block.module().path())
            .collect(Collectors.toSet());

    assertThat(paths)
        .containsExactlyInAnyOrder(
            "model.embed_tokens",
            "model.layers.*.input_layernorm",
            "model.layers.*.self_attn.q_proj",
            "model.layers.*.self_attn.k_proj",
            "model.layers.*.self_attn.v_proj",
            "model.layers.*.self_attn.o_proj",
            "model.layers.*.post_attention_layernorm",
            "model.layers.*.mlp.gate_proj",
            "model.layers.*.mlp.up_proj",
            "model.layers.*.mlp.down_proj",
            "model.norm",
            "lm_head");
  }

  @Test
  void a_product_has_its_rows_and_features_and_the_code_of_its_module() {
    Block up =
        blocks(Estimates.llama(false), "--method full --micro-batch 2").stream()
            .filter(block -> block.module().path().equals("model.layers.*.mlp.up_proj"))
            .filter(block -> block.category() == Category.ACTIVATIONS)
            .findFirst()
            .orElseThrow();

    assertThat(up.operation().name()).isEqualTo("aten::mm");
    assertThat(up.shape()).containsExactly(1024L, 2816L);
    assertThat(up.module().code()).isEqualTo("torch/nn/modules/linear.py Linear.forward");
  }

  @Test
  void an_activation_is_the_models_own_code() {
    Block product =
        blocks(Estimates.llama(false), "--method full").stream()
            .filter(block -> block.name().equals("gated products"))
            .findFirst()
            .orElseThrow();

    assertThat(product.module().path()).isEqualTo("model.layers.*.mlp");
    assertThat(product.module().code())
        .isEqualTo("transformers/models/llama/modeling_llama.py LlamaMLP.forward");
  }

  @Test
  void the_backward_pass_names_the_module_whose_gradient_it_makes() {
    AllocationTrace trace = Estimates.of(Estimates.llama(false), "--method full").trace();
    Phase phase = Phase.LOAD;
    List<String> found = new ArrayList<>();
    for (int i = 0; i < trace.size(); i++) {
      if (trace.kind(i) == AllocationTrace.Kind.PHASE) {
        phase = trace.phase(i);
      } else if (trace.kind(i) == AllocationTrace.Kind.ALLOCATE
          && phase == Phase.BACKWARD_LAYERS
          && trace.block(i).category() == Category.GRADIENTS) {
        found.add(trace.block(i).module() + " " + trace.block(i).operation());
      }
    }

    assertThat(found)
        .contains(
            "model.layers.*.mlp.down_proj aten::mm",
            "model.layers.*.self_attn.q_proj aten::mm",
            "model.embed_tokens aten::embedding_dense_backward");
  }

  @Test
  void layers_of_several_kinds_say_which_they_are() {
    Architecture model =
        Estimates.model(
            "gemma3_text",
            Map.of(
                "num_hidden_layers",
                12,
                "head_dim",
                64,
                "sliding_window",
                128,
                "sliding_window_pattern",
                6));
    Set<String> layers =
        blocks(model, "--method lora").stream()
            .map(block -> block.module().path())
            .filter(path -> path.startsWith("model.layers."))
            .map(path -> path.split("\\.")[2])
            .collect(Collectors.toSet());

    assertThat(layers).contains("0-6/6", "5-11/6");
  }

  @Test
  void a_shard_unit_gathers_for_the_layer_it_is() {
    Set<String> gathered =
        blocks(Estimates.llama(false), "--method full --strategy fsdp2 --count 4").stream()
            .filter(block -> block.category() == Category.GATHERED)
            .map(block -> block.module().path())
            .collect(Collectors.toSet());

    assertThat(gathered).contains("model.layers.*");
  }
}
