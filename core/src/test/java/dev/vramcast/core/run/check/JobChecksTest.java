package dev.vramcast.core.run.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.Category;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobChecksTest {

  private static final String PROJECTIONS =
      "down_proj, gate_proj, k_proj, lm_head, o_proj, q_proj, up_proj, v_proj";

  private static final Map<String, Object> MIXTRAL =
      Map.of(
          "model_type", "mixtral",
          "hidden_size", 512,
          "intermediate_size", 1024,
          "num_hidden_layers", 2,
          "num_attention_heads", 8,
          "num_key_value_heads", 4,
          "num_local_experts", 8,
          "vocab_size", 4096);
  private static final Map<String, Object> NEOX =
      Map.of(
          "model_type", "gpt_neox",
          "hidden_size", 512,
          "intermediate_size", 1024,
          "num_hidden_layers", 2,
          "num_attention_heads", 8,
          "vocab_size", 4096);

  static void assertRefused(Architecture model, String flags, String message) {
    assertThatThrownBy(() -> Estimates.of(model, flags))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  @Test
  void a_target_that_no_module_has_is_refused_with_the_names_there_are() {
    assertRefused(
        Estimates.llama(false),
        "--targets q_porj",
        "lora.targets has 'q_porj', which is no module of this llama model, allowed: all-linear, "
            + PROJECTIONS
            + ". Did you mean 'q_proj'?");
  }

  @Test
  void an_unknown_target_beside_a_known_one_is_an_assumption() {
    assertThat(
            Remark.sentences(
                Estimates.whole(Estimates.llama(false), "--targets q_proj,w1").assumptions()))
        .contains("No module is called w1: such adapter targets are skipped, as PEFT does.");
  }

  @Test
  void adapters_of_parameters_need_no_module_and_no_module_needs_them() {
    Architecture mixtral = Families.read(config(MIXTRAL));
    String stacks = "--transformers 5.24.0 --target-parameters mlp.experts.down_proj --targets ";

    assertThat(Estimates.of(mixtral, stacks + "''").allocatedBytes())
        .isLessThan(Estimates.of(mixtral, stacks + "q_proj").allocatedBytes());
    assertThat(Remark.sentences(Estimates.whole(mixtral, stacks + "q_porj").assumptions()))
        .contains("No module is called q_porj: such adapter targets are skipped, as PEFT does.");
    assertRefused(
        mixtral,
        "--targets ''",
        "lora.targets is an empty list, and lora.target_parameters names nothing either, allowed:"
            + " all-linear, names of modules, or lora.target_parameters");
  }

  @Test
  void experts_and_heads_have_the_names_of_the_job_s_release() {
    Architecture mixtral = Families.read(config(MIXTRAL));
    Architecture neox = Families.read(config(NEOX));
    String stacks = "--targets q_proj --target-parameters mlp.experts.down_proj ";
    String before = "--transformers 4.57.6 ";
    String since = "--transformers 5.24.0 ";
    String old = "--transformers 5.13.0 ";

    assertThat(Estimates.of(mixtral, since + stacks).allocatedBytes()).isPositive();
    assertThat(Estimates.of(neox, since + "--modules-to-save lm_head").allocatedBytes())
        .isEqualTo(Estimates.of(neox, old + "--modules-to-save embed_out").allocatedBytes());
    assertRefused(
        mixtral,
        before + stacks,
        "lora.target_parameters has 'mlp.experts.down_proj', which this mixtral model has since"
            + " Transformers 5.0, but the job has 4.57.6");
    assertRefused(
        mixtral,
        since + "--targets block_sparse_moe.gate",
        "lora.targets has 'block_sparse_moe.gate', which this mixtral model has before"
            + " Transformers 5.0, but the job has 5.24.0, allowed: mlp.gate in its place");
    assertRefused(
        neox,
        since + "--modules-to-save embed_out",
        "lora.modules_to_save has 'embed_out', which this gpt_neox model has before Transformers"
            + " 5.14, but the job has 5.24.0, allowed: lm_head in its place");
    assertRefused(
        neox,
        before + "--modules-to-save lm_head",
        "lora.modules_to_save has 'lm_head', which this gpt_neox model has since Transformers"
            + " 5.14, but the job has 4.57.6");
  }

  @ParameterizedTest
  @ValueSource(strings = {"transformers", "axolotl"})
  void dropout_before_adapters_of_parameters_is_refused(String framework) {
    assertRefused(
        Families.read(config(MIXTRAL)),
        "--transformers 5.13.0 --targets q_proj --target-parameters mlp.experts.down_proj"
            + " --dropout 0.05 --framework "
            + framework,
        "lora.dropout is 0.05, which PEFT refuses beside lora.target_parameters, allowed: 0");
  }

  private static ModelConfig config(Map<String, Object> values) {
    return new ModelConfig("config.json", values);
  }

  @Test
  void a_module_to_save_that_does_not_exist_is_refused() {
    assertRefused(
        Estimates.llama(false),
        "--modules-to-save lm_haed",
        "lora.modules_to_save has 'lm_haed', which is no module of this llama model, allowed:"
            + " down_proj, "
            + "embed_tokens, gate_proj, input_layernorm, k_proj, lm_head, norm, o_proj, "
            + "post_attention_layernorm, q_proj, up_proj, v_proj. Did you mean 'lm_head'?");
  }

  @Test
  void a_module_is_either_a_target_or_saved() {
    assertRefused(
        Estimates.llama(false),
        "--targets lm_head --modules-to-save lm_head",
        "lora.modules_to_save has 'lm_head', which is a target of the adapters too, allowed: one"
            + " of both");
  }

  @Test
  void a_quantised_module_cannot_be_saved() {
    assertRefused(
        Estimates.llama(false),
        "--method qlora --targets q_proj --modules-to-save v_proj",
        "lora.modules_to_save has 'v_proj', which is stored as nf4 and cannot be trained, allowed:"
            + " modules "
            + "that are not quantised");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--rank 512 --targets k_proj | lora.rank is 512, but k_proj has 256 output features, "
            + "allowed: up to 256",
        "--rank 2000 --targets down_proj | lora.rank is 2000, but down_proj has 1024 output "
            + "features, allowed: up to 1024",
        "--rank 2000 --targets gate_proj | lora.rank is 2000, but gate_proj has 1024 input "
            + "features, allowed: up to 1024",
        "--rank 1025 --targets all-linear | lora.rank is 1025, but q_proj has 1024 input "
            + "features, allowed: up to 1024"
      })
  void a_rank_above_a_dimension_is_refused(String flags, String message) {
    assertRefused(Estimates.llama(false), flags, message);
  }

  /** peft/tuners/tuners_utils.py _check_lora_target_modules_mamba. */
  @Test
  void what_peft_refuses_of_mamba_is_refused() {
    assertRefused(
        Estimates.model("falcon_h1", Map.of("mamba_n_heads", 4, "mamba_d_ssm", 1024)),
        "--targets all-linear",
        "lora.targets has 'out_proj', which PEFT refuses in this falcon_h1 model,"
            + " allowed: the names of other linears");
  }

  @ParameterizedTest
  @ValueSource(strings = {"miss", "loha", "vera"})
  void peft_refuses_nothing_of_mamba_beside_other_adapters_than_lora(String method) {
    Architecture model =
        Estimates.model("falcon_h1", Map.of("mamba_n_heads", 4, "mamba_d_ssm", 1024));

    assertThatCode(() -> Estimates.whole(model, "--targets all-linear --method " + method))
        .doesNotThrowAnyException();
  }

  @Test
  void a_router_that_returns_two_tensors_is_no_target() {
    assertRefused(
        Estimates.model("phimoe", Map.of("num_local_experts", 8)),
        "--targets all-linear --transformers 5.24.0",
        "lora.targets has 'router', which PEFT cannot adapt, as it returns two tensors, in"
            + " this phimoe model, allowed: the names of other linears");
  }

  /** Linears by the name of their class leave it out. */
  @Test
  void a_router_whose_class_is_called_no_linear_has_no_adapter_where_names_are_collected() {
    Architecture phi = Estimates.model("phimoe", Map.of("num_local_experts", 8));
    String flags = "--framework llama-factory --transformers 5.24.0 --targets ";

    assertThat(Estimates.of(phi, flags + "all-linear").allocatedBytes())
        .isEqualTo(Estimates.of(phi, flags + "q_proj,k_proj,v_proj,o_proj").allocatedBytes());
  }

  /** peft/tuners/lora/layer.py ParamWrapper, to which the names of experts' linears move. */
  @ParameterizedTest
  @CsvSource({
    "--dropout 0.1, lora.dropout is 0.1, 0",
    "--method dora, method is dora, 'lora, qlora, rslora'",
  })
  void experts_of_one_parameter_have_neither_dropout_nor_dora(
      String flags, String what, String allowed) {
    assertRefused(
        Estimates.model("mixtral", Map.of("num_local_experts", 8)),
        "--targets all-linear --transformers 5.24.0 " + flags,
        what
            + ", which PEFT refuses on experts that are one parameter, allowed: "
            + allowed
            + "; leave the experts out of lora.targets");
  }

  /** src/axolotl/loaders/adapter.py _patch_peft_param_wrapper_dropout. */
  @Test
  void axolotl_leaves_dropout_out_of_experts_of_one_parameter() {
    Architecture mixtral = Estimates.model("mixtral", Map.of("num_local_experts", 8));
    String lora =
        "--framework axolotl --method lora --transformers 5.24.0"
            + " --targets q_proj,w1,w2,w3 --dropout ";

    assertThat(Estimates.of(mixtral, lora + "0.1").allocatedBytes())
        .isGreaterThan(Estimates.of(mixtral, lora + "0").allocatedBytes());
    assertRefused(
        mixtral,
        lora.replace("lora --trans", "dora --trans") + "0",
        "method is dora, which PEFT refuses on experts that are one parameter, allowed: lora,"
            + " qlora, rslora; leave the experts out of lora.targets");
  }

  @Test
  void a_framework_that_names_the_linears_reaches_no_stacked_expert() {
    Architecture mixtral = Estimates.model("mixtral", Map.of("num_local_experts", 8));
    String lora = "--method lora --transformers 5.24.0 --targets all-linear --framework ";

    long named =
        Estimates.of(mixtral, lora + "ms-swift --dropout 0.1").breakdown().get(Category.ADAPTERS);
    long all = Estimates.of(mixtral, lora + "transformers").breakdown().get(Category.ADAPTERS);

    assertThat(named).isPositive().isLessThan(all);
  }

  /** trl/trainer/utils.py add_fused_lm_head, where experts are balanced. */
  @Test
  void trls_head_needs_the_number_of_experts_under_its_own_name() {
    String trl = "--framework trl --framework-version 1.16.0 --transformers 5.24.0 --method full";
    assertRefused(
        Estimates.model("granitemoe", Map.of("num_local_experts", 8)),
        trl,
        "loss is chunked, but the config of this granitemoe model has no num_experts, which TRL's"
            + " head reads, so that training fails, allowed: another trainer");
  }

  /** trl/trainer/sft_trainer.py and dpo_trainer.py __init__, which look at the output layer. */
  @Test
  void trl_refuses_an_adapter_on_the_head_whose_weight_its_loss_reads() {
    Architecture llama = Estimates.model("llama", Map.of());
    String lora = "--framework trl --transformers 5.24.0 --targets q_proj,lm_head ";
    String why =
        "lora.targets has 'lm_head', whose weight TRL's loss reads by itself, so that TRL refuses"
            + " an adapter on it, allowed: the names of other linears";

    assertRefused(llama, lora + "--framework-version 1.16.0", why);
    assertRefused(llama, lora + "--framework-version 1.4.0 --loss chunked", why);
    for (String stage : List.of("dpo", "kto", "grpo", "rloo")) {
      assertRefused(llama, lora + "--framework-version 1.15.0 --stage " + stage, why);
    }
    for (String job : List.of("1.6.0", "1.14.0 --stage dpo", "1.16.0 --stage orpo")) {
      assertThat(Estimates.of(llama, lora + "--framework-version " + job).allocatedBytes())
          .isPositive();
    }
  }

  @Test
  void routers_take_any_rank() {
    Architecture mixtral = Estimates.model("mixtral", Map.of("num_local_experts", 8));
    assertThat(Estimates.of(mixtral, "--rank 16 --transformers 4.57.6").allocatedBytes())
        .isPositive();
  }

  @Test
  void freezing_trains_all_layers_where_more_are_asked_for_than_there_are() {
    Architecture model = Estimates.model("llama", Map.of("num_hidden_layers", 3));
    String freeze = "--method freeze --trainable-place ";

    for (String place : new String[] {"first", "last"}) {
      String more = freeze + place + " --trainable-layers 5";
      assertThat(Estimates.of(model, more).allocatedBytes())
          .isEqualTo(
              Estimates.of(model, freeze + place + " --trainable-layers 3").allocatedBytes());
      assertThat(Remark.sentences(Estimates.whole(model, more).assumptions()))
          .anyMatch(
              text -> text.startsWith("trainable_layers is 5, of which there are 3: all are"));
    }
    assertRefused(
        model,
        freeze + "spread --trainable-layers 5",
        "trainable_layers is 5, which is more than the model has, allowed: 1 to 3");
  }

  @Test
  void linears_of_codebooks_are_named() {
    Architecture model = Estimates.llama(false);
    String coded = "--quantization aqlm-2bit --framework ";

    assertRefused(
        model,
        coded + "trl --targets all-linear",
        "lora.targets has 'all-linear', which PEFT finds none of in a model of aqlm-2bit, allowed:"
            + " the names of linears");
    assertThat(Estimates.of(model, coded + "llama-factory").allocatedBytes())
        .isLessThan(Estimates.of(model, coded + "trl --quantization none").allocatedBytes());
  }

  @Test
  void spread_layers_divide_the_model_evenly() {
    assertRefused(
        Estimates.model("llama", Map.of("num_hidden_layers", 6)),
        "--method freeze --trainable-layers 4 --trainable-place spread",
        "trainable_layers is 4, but trainable_place spread divides the 6 layers evenly, allowed: a"
            + " divisor of 6");
  }

  @ParameterizedTest
  @CsvSource({
    "gptq-int4, dora, 'reads the weight, which PEFT cannot do here, allowed: nf4, fp4, int8'",
    "aqlm-2bit, dora, 'reads the weight, which PEFT cannot do here, allowed: nf4, fp4, int8'",
    "awq-int4, dora, 'reads the weight, which PEFT cannot do here, allowed: nf4, fp4, int8'",
    "nf4, pissa, 'decomposes float weights, allowed: none'"
  })
  void methods_that_read_the_weight_need_one_that_can_be_read(
      String scheme, String method, String why) {
    boolean packed = scheme.matches("(gptq|awq).*");
    assertRefused(
        Estimates.llama(false),
        "--method " + method + " --quantization " + scheme,
        "model.quantization.scheme is "
            + scheme
            + (packed
                ? ", given or because the model's name says that its weights are stored so"
                : "")
            + (", but method " + method + " " + why)
            + (packed ? "; where the name says it, name the original model" : ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--micro-batch 1000000 --sequence-length 1000000",
        "--micro-batch 1 --sequence-length 100000000"
      })
  void an_absurd_batch_is_bad_input(String flags) {
    assertThatThrownBy(() -> Estimates.of(Estimates.llama(false), flags))
        .isInstanceOf(InputException.class)
        .hasMessageMatching(
            "batch.micro_batch \\d+ x batch.sequence_length \\d+ is too large for any memory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"full --checkpointing-reentrant true", "offloaded"})
  void frozen_layers_cannot_be_checkpointed_reentrantly(String checkpointing) {
    assertRefused(
        Estimates.llama(false),
        "--method freeze --transformers 4.57.0 --checkpointing " + checkpointing,
        "checkpointing "
            + checkpointing.split(" ")[0]
            + " is reentrant, and with method freeze before Transformers 5 no input of the layers"
            + " requires a gradient, so the backward pass fails, allowed: none, or"
            + " checkpointing_reentrant false");
  }
}
