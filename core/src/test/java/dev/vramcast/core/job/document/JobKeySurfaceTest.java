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
          "model.config | --model-config | the content of a config.json, or its path | looked "
              + "up by model.id",
          "model.dtype | --model-dtype | fp32, bf16, fp16, auto | =bf16",
          "model.quantization.scheme | --quantization | none, nf4, fp4, int8, gptq-int4, gptq-"
              + "int8, awq-int4, fp8, mxfp4, nvfp4, aqlm-2bit | =none",
          "model.quantization.double_quant | --double-quant | true or false | =false",
          "model.quantization.implementation | --quantization-implementation | a line of text |"
              + " =bitsandbytes",
          "model.quantization.experts | --quantize-experts | true or false | =false",
          "model.mixer | --mixer | kernel, torch | =kernel",
          "model.class | --model-class | published, causal-lm, text | =published",
          "model.use_cache | --use-cache | true or false | framework's rule",
          "profile | --profile | recommended, bare | recommended, and bare for a document or a "
              + "training file",
          "method | --method | full, lora, qlora, dora, rslora, pissa, oft, ia3, vera, "
              + "loha, lokr, miss, freeze, galore | =lora",
          "frozen | --frozen | a list of towers, projectors | =",
          "trainable_layers | --trainable-layers | a whole number from 1 to 10000 | =2",
          "trainable_place | --trainable-place | last, first, spread | =last",
          "lora.rank | --rank | a whole number from 1 to 65536 | =16",
          "lora.alpha | --alpha | a number from 0 to 1000000 | 2 x lora.rank",
          "lora.block_size | --block-size | a whole number from 2 to 65536 | =32",
          "lora.feedforward_modules | --feedforward-modules | a name or a list of names | ="
              + "down_proj,mlp.c_proj,dense_4h_to_h,fc2,fc_out,w2,output.dense",
          "lora.dropout | --dropout | a number from 0 to 1 | =0",
          "lora.targets | --targets | a name or a list of names | =all-linear",
          "lora.modules_to_save | --modules-to-save | a name or a list of names | =",
          "lora.dtype | --lora-dtype | fp32, bf16, fp16 | PEFT's rule: fp32",
          "lora.kbit_prepare | --kbit-prepare | true or false | framework's rule",
          "lora.target_parameters | --target-parameters | a name or a list of names | =",
          "precision | --precision | fp32, bf16, fp16, bf16-mixed, fp16-mixed, pure | =bf16-mixed",
          "master_weights | --master-weights | true or false | strategy's rule",
          "optimizer.name | --optimizer | adamw, adamw-8bit, adamw-4bit, paged-adamw, paged-"
              + "adamw-8bit, adafactor, lion, lion-8bit, paged-lion, paged-lion-8bit, ademamix, "
              + "ademamix-8bit, paged-ademamix, paged-ademamix-8bit, rmsprop, rmsprop-8bit, "
              + "adagrad, sgd, muon, galore, apollo, badam, lomo, adalomo, adam-mini, "
              + "stable-adamw, schedule-free-adamw, schedule-free-radam, schedule-free-sgd, "
              + "flash-adamw, adamw-cpu, none | =adamw",
          "optimizer.implementation | --optimizer-implementation | fused, foreach, for-loop, "
              + "bitsandbytes, torchao, deepspeed, apex, momentum | framework's rule",
          "optimizer.state_dtype | --state-dtype | fp32, bf16, fp16 | parameter's dtype",
          "optimizer.in_backward | --in-backward | true or false | =false",
          "batch.micro_batch | --micro-batch | a whole number from 1 to 1000000 | =1",
          "batch.grad_accum | --grad-accum | a whole number from 1 to 1000000 | =1",
          "batch.sequence_length | --sequence-length | a whole number from 1 to 100000000 | "
              + "required",
          "batch.padding | --padding | packed, padded, longest | =packed",
          "batch.segments | --segments | a whole number from 1 to 1000000 | =1",
          "batch.images | --images | a whole number from 0 to 1000000 | =0",
          "batch.image_size | --image-size | a list of 2 whole numbers from 1 to 1000000 | the "
              + "processor's",
          "batch.audio_seconds | --audio-seconds | a number from 0 to 1000000 | =0",
          "checkpointing | --checkpointing | none, full, selective, offloaded | =none",
          "checkpointing_reentrant | --checkpointing-reentrant | true or false | framework's rule",
          "checkpointing_every | --checkpointing-every | a whole number from 1 to 1000000 | =1",
          "checkpointing_layers | --checkpointing-layers | a whole number from 1 to 1000000 | all",
          "checkpointing_group | --checkpointing-group | a whole number from 1 to 1000000 | =1",
          "tiled_mlp | --tiled-mlp | true or false | =false",
          "mlp_tiles | --mlp-tiles | a whole number from 1 to 1000000 | framework's rule",
          "attention | --attention | flash, sdpa, eager, flex | =sdpa",
          "loss | --loss | full, chunked, liger, cce, triton | =full",
          "liger_kernels | --liger-kernels | a list of rms_norm, swiglu, rope | =",
          "compile | --compile | true or false | =false",
          "parallelism.strategy | --strategy | none, ddp, fsdp1, fsdp2, zero1, zero2, zero3, "
              + "megatron | none, ddp when hardware.count > 1",
          "parallelism.shard | --shard | a whole number from 1 to 1000000 | all GPUs left",
          "parallelism.replicate | --replicate | a whole number from 1 to 1000000 | =1",
          "parallelism.tensor | --tensor | a whole number from 1 to 1000000 | =1",
          "parallelism.pipeline | --pipeline | a whole number from 1 to 1000000 | =1",
          "parallelism.layers_per_stage | --layers-per-stage | a list of whole numbers from 0 "
              + "to 100000 | even, or the framework's rule",
          "parallelism.context | --context | a whole number from 1 to 1000000 | =1",
          "parallelism.sequence_scheme | --sequence-scheme | ring, ulysses, allgather | "
              + "framework's rule",
          "parallelism.expert | --expert | a whole number from 1 to 1000000 | =1",
          "parallelism.expert_tensor | --expert-tensor | a whole number from 1 to 1000000 | "
              + "parallelism.tensor",
          "parallelism.expert_imbalance | --expert-imbalance | a number from 1 to 1000000 | =1",
          "parallelism.virtual_pipeline | --virtual-pipeline | a whole number from 1 to 10000 |"
              + " =1",
          "parallelism.pipeline_schedule | --pipeline-schedule | 1f1b, interleaved-1f1b, gpipe,"
              + " looped-bfs | 1f1b; interleaved-1f1b of several stages per rank",
          "parallelism.pipeline_micro_batches | --pipeline-micro-batches | a whole number from 1"
              + " to 1000000 | batch.grad_accum",
          "parallelism.stage_rounding | --stage-rounding | none, up, down | none",
          "parallelism.sequence_parallel | --sequence-parallel | true or false | =false",
          "parallelism.reshard_after_forward | --reshard-after-forward | true or false | =true",
          "parallelism.first_rank_loads | --first-rank-loads | true or false | framework's rule",
          "parallelism.reduce_dtype | --reduce-dtype | fp32, bf16, fp16 | =fp32",
          "parallelism.param_dtype | --param-dtype | fp32, bf16, fp16 | compute dtype",
          "parallelism.root_group | --root-group | plain, split, plain_raf | framework's rule",
          "parallelism.layer_classes | --layer-classes | a name or a list of names | model's"
              + " list, else the decoder's",
          "parallelism.fsdp_checkpointing | --fsdp-checkpointing | true or false | =false",
          "parallelism.offload | --offload | a list of parameters, optimizer, activations, experts,"
              + " experts-int8 | =",
          "parallelism.zero_init | --zero-init | true or false | framework's rule",
          "parallelism.zero_sizes | --zero-sizes | default, auto | framework's DeepSpeed file",
          "parallelism.reduce_bucket_size | --reduce-bucket-size | a whole number from 1 to "
              + "2147483647 | framework's DeepSpeed file",
          "parallelism.overlap_comm | --overlap-comm | true or false | framework's DeepSpeed file",
          "parallelism.prefetch_bucket_size | --prefetch-bucket-size | a whole number from 0 to "
              + "2147483647 | framework's DeepSpeed file",
          "parallelism.param_persistence_threshold | --param-persistence-threshold | a whole "
              + "number from 0 to 2147483647 | framework's DeepSpeed file",
          "parallelism.max_live_parameters | --max-live-parameters | a whole number from 0 to "
              + "2147483647 | framework's DeepSpeed file",
          "allocator.expandable_segments | --expandable-segments | true or false | =false",
          "allocator.max_split_size_mib | --max-split-size-mib | a whole number from 21 to "
              + "1000000 | none",
          "allocator.empty_cache_steps | --empty-cache-steps | a whole number from 1 to 1000000"
              + " | none",
          "allocator.garbage_collection_threshold | --garbage-collection-threshold | a number "
              + "from 0 to 1 | PyTorch's",
          "allocator.roundup_power2_divisions | --roundup-divisions | a whole number from 1 to "
              + "1024 | PyTorch's",
          "allocator.large_segment_size_mib | --large-segment-size-mib | a whole number from 1 "
              + "to 1000000 | PyTorch's",
          "allocator.memory_fraction | --memory-fraction | a number from 0 to 1 | PyTorch's",
          "framework.name | --framework | a line of text | =transformers",
          "framework.version | --framework-version | a line of text | newest supported",
          "framework.torch | --torch | a version such as 2.13.0 | =2.13",
          "framework.transformers | --transformers | a version such as 2.13.0 | =5.7",
          "framework.peft | --peft | a version such as 2.13.0 | =0.20",
          "framework.bitsandbytes | --bitsandbytes | a version such as 2.13.0 | =0.50",
          "framework.trl | --trl | a version such as 2.13.0 | newest supported",
          "framework.liger | --liger | a version such as 2.13.0"
              + " | newest when Transformers came out",
          "framework.accelerate | --accelerate | a version such as 2.13.0"
              + " | newest when Transformers came out",
          "framework.deepspeed | --deepspeed-version | a version such as 2.13.0"
              + " | newest when Transformers came out",
          "framework.vllm | --vllm | a version such as 2.13.0 | newest supported",
          "framework.date | --date | a month such as 2025-03 | none",
          "hardware.gpu | --gpu | a line of text | none",
          "hardware.count | --count | a whole number from 1 to 1000000 | =1",
          "hardware.nodes | --nodes | a whole number from 1 to 1000000 | =1",
          "hardware.network | --network | a number from 0.1 to 1000000 | as InfiniBand",
          "hardware.memory_in_use | --memory-in-use | a number from 0 to 1000000 | =0",
          "hardware.system | --system | linux, windows, wsl | =linux",
          "hardware.host_memory | --host-memory | a number from 0 to 1000000000 | unknown",
          "hardware.disk | --disk | a number from 0 to 1000000000 | unknown",
          "data.examples | --examples | a number from 1 to 1000000000000000 | none",
          "data.tokens_per_example | --tokens-per-example | a number from 1 to 1000000000 | none",
          "data.epochs | --epochs | a number from 0 to 1000000 | none",
          "data.tokens | --tokens | a number from 1 to 1E+18 | none",
          "data.steps | --steps | a number from 1 to 1000000000000 | none",
          "data.lengths | --lengths | rising quantiles as p50=512,p95=2048,max=8192, or the "
              + "length of each example | none",
          "data.file | --data-file | a line of text | none",
          "data.characters_per_token | --characters-per-token | a number from 0.1 to 1000 | =4",
          "data.tokenizer | --tokenizer | a line of text | none",
          "objective.stage | --stage | sft, pretrain, dpo, kto, bco, orpo, cpo, reward, grpo, "
              + "rloo, ppo, ebft, ebft-strided, distillation, classification, "
              + "token-classification, "
              + "masked-lm, "
              + "embedding | =sft",
          "objective.reference | --reference | none, adapter-off, adapter, copy, precomputed | "
              + "framework's rule",
          "objective.reference_dtype | --reference-dtype | fp32, bf16, fp16 | the policy's",
          "objective.reference_quantization | --reference-quantization | none, nf4, fp4, int8, "
              + "gptq-int4, gptq-int8, awq-int4, fp8, mxfp4, nvfp4, aqlm-2bit | the policy's",
          "objective.prompt_length | --prompt-length | a whole number from 1 to 100000000 | "
              + "framework's rule",
          "objective.completion_length | --completion-length | a whole number from 1 to "
              + "100000000 | framework's rule",
          "objective.completion_mean | --completion-mean | a whole number from 1 to 100000000 |"
              + " half of objective.completion_length",
          "objective.chosen_length | --chosen-length | a whole number from 1 to 100000000 | "
              + "objective.completion_length",
          "objective.rejected_length | --rejected-length | a whole number from 1 to 100000000 |"
              + " objective.completion_length",
          "objective.loss_type | --loss-type | a name or a list of names | framework's rule",
          "objective.loss_weights | --loss-weights | a list of numbers from 0 to 1000000 | "
              + "framework's rule",
          "objective.beta | --beta | a number from 0 to 1000000 | framework's rule",
          "objective.alpha | --loss-alpha | a number from 0 to 1000000 | framework's rule",
          "objective.weighting | --weighting | true or false | framework's rule",
          "objective.scored_fraction | --scored-fraction | a number from 0 to 1 | =1",
          "objective.label_smoothing | --label-smoothing | a number from 0 to 1 | =0",
          "objective.neftune_alpha | --neftune-alpha | a number from 0 to 1000000 | =0",
          "objective.labels | --labels | a whole number from 1 to 1000000 | =2",
          "objective.stride | --stride | a whole number from 1 to 1000000 | =8",
          "objective.texts | --texts | a whole number from 2 to 1000 | =2",
          "objective.mini_batch | --embedding-mini-batch | a whole number from 1 to 1000000 | "
              + "framework's rule",
          "objective.pooling | --pooling | mean, cls, last | framework's rule",
          "objective.matryoshka | --matryoshka | a list of whole numbers from 1 to 1000000 | "
              + "the whole embedding",
          "objective.teacher | --teacher | a model's name, or the content of a config.json | "
              + "required in stage distillation",
          "objective.teacher_dtype | --teacher-dtype | fp32, bf16, fp16 | =bf16",
          "objective.teacher_quantization | --teacher-quantization | none, nf4, fp4, int8, "
              + "gptq-int4, gptq-int8, awq-int4, fp8, mxfp4, nvfp4, aqlm-2bit | =none",
          "objective.value_model | --value-model | a model's name, or the content of a "
              + "config.json | framework's rule",
          "objective.reward_models | --reward-models | a list of names of models, or contents of "
              + "their config.json | =",
          "generation.engine | --engine | none, transformers, vllm-colocate, vllm-server, "
              + "sglang-colocate, sglang-server, deepspeed-hybrid, shared | framework's rule",
          "generation.group_size | --group-size | a whole number from 1 to 1000000 | "
              + "framework's rule",
          "generation.steps_per_generation | --steps-per-generation | a whole number from 1 to "
              + "1000000 | framework's rule",
          "generation.iterations | --iterations | a whole number from 1 to 1000000 | "
              + "framework's rule",
          "generation.memory_fraction | --engine-memory-fraction | a number from 0 to 1 | "
              + "framework's rule",
          "generation.sleep | --engine-sleep | a whole number from 0 to 2 | framework's rule",
          "generation.max_model_length | --max-model-length | a whole number from 1 to "
              + "100000000 | framework's rule",
          "generation.tensor | --engine-tensor | a whole number from 1 to 1000000 | framework's"
              + " rule",
          "generation.gpus | --engine-gpus | a whole number from 0 to 1000000 | =0",
          "generation.ahead | --engine-ahead | true or false | framework's rule",
          "generation.offload_while_generating | --offload-while-generating | a list of "
              + "parameters, optimizer | =",
          "data.loader_workers | --loader-workers | a whole number from 0 to 10000 | "
              + "framework's rule",
          "evaluation.micro_batch | --evaluation-batch | a whole number from 1 to 1000000 | "
              + "framework's batch",
          "evaluation.batches | --evaluation-batches | a whole number from 0 to 1000000 | =0",
          "evaluation.metrics | --evaluation-metrics | true or false | =false",
          "evaluation.accumulation_steps | --evaluation-accumulation-steps | a whole number "
              + "from 1 to 1000000 | all",
          "evaluation.new_tokens | --evaluation-new-tokens | a whole number from 0 to 1000000 | =0",
          "evaluation.beams | --evaluation-beams | a whole number from 1 to 1000 | =1",
          "saving.state_dict | --saved-state | full, sharded, adapter | framework's rule",
          "saving.on_gpu | --saved-on-gpu | true or false | framework's rule",
          "saving.strategy | --save-strategy | no, steps, epoch, end | framework's rule",
          "saving.interval_steps | --save-steps | a whole number from 1 to 1000000000 | "
              + "framework's rule",
          "saving.total_limit | --save-total-limit | a whole number from 1 to 1000000 | "
              + "framework's rule",
          "saving.only_model | --save-only-model | true or false | framework's rule",
          "saving.resume | --resume | true or false | =false",
          "saving.consolidate | --consolidate | true or false | =false",
          "saving.merge | --merge | true or false | =false",
          "saving.merge_device | --merge-device | gpu, cpu, files, file-by-file | framework's rule",
          "saving.gguf | --gguf | f16, bf16, q8_0, q6_k, q5_k_m, q4_k_m | none",
          "saving.alone | --save-alone | true or false | =false",
          "quantized_training.scheme | --quantized-training | none, fp8, mxfp8, nvfp4, qat-"
              + "int4, qat-int8 | =none",
          "quantized_training.implementation | --quantized-training-implementation | "
              + "transformer-engine, torchao, ms-amp | framework's rule",
          "quantized_training.recipe | --quantized-training-recipe | delayed, tensorwise, "
              + "blockwise | delayed",
          "roles | --roles | a list of roles (actor, reference, critic, reward, rollout) with "
              + "gpus, strategy, offload | one group");

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
