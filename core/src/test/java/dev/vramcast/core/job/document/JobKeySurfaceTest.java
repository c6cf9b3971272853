package dev.vramcast.core.job.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Freezes the surface: a key, a flag, a range or a default changes only on purpose. */
class JobKeySurfaceTest {

  private static final List<String> SURFACE =
      List.of(
          "model.id | --model | a line of text | required, or model.config",
          "model.config | --model-config | the content of a config.json, or its path | looked up by"
              + " model.id",
          "model.dtype | --model-dtype | fp32, bf16, fp16 | =bf16",
          "model.quantization.scheme | --quantization | none, nf4, fp4, int8, gptq-int4, gptq-int8,"
              + " awq-int4, fp8, mxfp4 | =none",
          "model.quantization.double_quant | --double-quant | true or false | =false",
          "model.quantization.implementation | --quantization-implementation | a line of text |"
              + " =bitsandbytes",
          "objective.stage | --stage | sft, pretrain, dpo, kto, orpo, cpo, reward, grpo, rloo, ppo,"
              + " distillation, classification, masked-lm, embedding | =sft",
          "objective.labels | --labels | a whole number from 1 to 1000000 | =2",
          "method | --method | full, lora, qlora, dora, rslora, pissa, freeze, galore | =lora",
          "lora.rank | --rank | a whole number from 1 to 65536 | =16",
          "lora.alpha | --alpha | a number from 0 to 1000000 | 2 x lora.rank",
          "lora.dropout | --dropout | a number from 0 to 1 | =0",
          "lora.targets | --targets | a name or a list of names | =all-linear",
          "lora.modules_to_save | --modules-to-save | a list of names | =",
          "lora.dtype | --lora-dtype | fp32, bf16, fp16 | PEFT's rule: fp32",
          "lora.kbit_prepare | --kbit-prepare | true or false | framework's rule",
          "precision | --precision | fp32, bf16, fp16, bf16-mixed, fp16-mixed | =bf16-mixed",
          "master_weights | --master-weights | true or false | strategy's rule",
          "optimizer.name | --optimizer | adamw, adamw-8bit, adamw-4bit, paged-adamw,"
              + " paged-adamw-8bit, adafactor, lion, lion-8bit, sgd, muon, galore, none | =adamw",
          "optimizer.implementation | --optimizer-implementation | fused, foreach, for-loop,"
              + " bitsandbytes, torchao, deepspeed, apex, momentum | framework's rule",
          "optimizer.state_dtype | --state-dtype | fp32, bf16, fp16 | parameter's dtype",
          "optimizer.in_backward | --in-backward | true or false | =false",
          "batch.micro_batch | --micro-batch | a whole number from 1 to 1000000 | =1",
          "batch.grad_accum | --grad-accum | a whole number from 1 to 1000000 | =1",
          "batch.sequence_length | --sequence-length | a whole number from 1 to 100000000 |"
              + " required",
          "batch.padding | --padding | packed, padded, longest | =packed",
          "checkpointing | --checkpointing | none, full, selective, offloaded | =none",
          "checkpointing_reentrant | --checkpointing-reentrant | true or false | framework's rule",
          "attention | --attention | flash, sdpa, eager, flex | =sdpa",
          "loss | --loss | full, chunked, liger, cce, triton | =full",
          "liger_kernels | --liger-kernels | a list of rms_norm, swiglu, rope | =",
          "compile | --compile | true or false | =false",
          "parallelism.strategy | --strategy | none, ddp, fsdp1, fsdp2, zero1, zero2, zero3,"
              + " megatron | none, ddp when hardware.count > 1",
          "parallelism.shard | --shard | a whole number from 1 to 1000000 | all GPUs left",
          "parallelism.replicate | --replicate | a whole number from 1 to 1000000 | =1",
          "parallelism.tensor | --tensor | a whole number from 1 to 1000000 | =1",
          "parallelism.pipeline | --pipeline | a whole number from 1 to 1000000 | =1",
          "parallelism.context | --context | a whole number from 1 to 1000000 | =1",
          "parallelism.expert | --expert | a whole number from 1 to 1000000 | =1",
          "parallelism.expert_imbalance | --expert-imbalance | a number from 1 to 1000000 | =1",
          "parallelism.virtual_pipeline | --virtual-pipeline | a whole number from 1 to 10000 | =1",
          "parallelism.sequence_parallel | --sequence-parallel | true or false | =false",
          "parallelism.reshard_after_forward | --reshard-after-forward | true or false | =true",
          "parallelism.reduce_dtype | --reduce-dtype | fp32, bf16 | =fp32",
          "parallelism.param_dtype | --param-dtype | fp32, bf16, fp16 | compute dtype",
          "parallelism.root_group | --root-group | plain, split, plain_raf | framework's rule",
          "parallelism.offload | --offload | a list of parameters, optimizer, activations | =",
          "allocator.expandable_segments | --expandable-segments | true or false | =false",
          "allocator.max_split_size_mib | --max-split-size-mib | a whole number from 21 to 1000000"
              + " | none",
          "framework.name | --framework | a line of text | =transformers",
          "framework.version | --framework-version | a line of text | newest supported",
          "framework.torch | --torch | a version such as 2.13.0 | =2.13",
          "framework.transformers | --transformers | a version such as 2.13.0 | =5.7",
          "framework.peft | --peft | a version such as 2.13.0 | =0.20",
          "framework.bitsandbytes | --bitsandbytes | a version such as 2.13.0 | =0.50",
          "hardware.gpu | --gpu | a line of text | none",
          "hardware.count | --count | a whole number from 1 to 1000000 | =1",
          "hardware.nodes | --nodes | a whole number from 1 to 1000000 | =1",
          "data.examples | --examples | a number from 1 to 1000000000000000 | none",
          "data.tokens_per_example | --tokens-per-example | a number from 1 to 1000000000 | none",
          "data.epochs | --epochs | a number from 0 to 1000000 | none",
          "data.tokens | --tokens | a number from 1 to 1E+18 | none",
          "data.lengths | --lengths | rising quantiles as p50=512,p95=2048,max=8192, or the length"
              + " of each example | none",
          "data.file | --data-file | a line of text | none",
          "data.characters_per_token | --characters-per-token | a number from 0.1 to 1000 | =4",
          "data.tokenizer | --tokenizer | a line of text | none");

  /** Path, flag, what is allowed, and the default: after an equals sign when it is a value. */
  private static String line(JobKey key) {
    String sign = key.fallback().literal() ? "=" : "";
    return key.path()
        + " | "
        + key.flag()
        + " | "
        + key.kind().allowed()
        + " | "
        + sign
        + key.fallback().text();
  }

  @Test
  void keys_flags_ranges_and_defaults_are_as_recorded() {
    assertThat(Arrays.stream(JobKey.values()).map(JobKeySurfaceTest::line))
        .containsExactlyElementsOf(SURFACE);
  }

  @Test
  void every_key_is_found_by_its_path_and_by_its_flag() {
    for (JobKey key : JobKey.values()) {
      assertThat(JobKey.ofPath(key.path())).contains(key);
      assertThat(JobKey.ofFlag(key.flag())).contains(key);
      assertThat(key.flag()).matches("--[a-z]+(-[a-z]+)*");
      assertThat(key.description()).isNotBlank().doesNotEndWith(".");
    }
  }

  @Test
  void every_fixed_default_is_a_legal_value() {
    for (JobKey key : JobKey.values()) {
      assertThat(key.defaultValue().isPresent()).isEqualTo(key.fallback().literal());
    }
  }

  @Test
  void an_empty_default_is_shown_as_none() {
    assertThat(JobKey.OFFLOAD.fallback().shown()).isEqualTo("none");
    assertThat(JobKey.LORA_RANK.fallback().shown()).isEqualTo("16");
  }
}
