package dev.vramcast.core.job.document;

import static dev.vramcast.core.job.document.Fallback.is;
import static dev.vramcast.core.job.document.Fallback.rule;
import static dev.vramcast.core.job.document.KeyDefinition.key;
import static dev.vramcast.core.job.value.ValueKind.choice;
import static dev.vramcast.core.job.value.ValueKind.choices;
import static dev.vramcast.core.job.value.ValueKind.dataType;
import static dev.vramcast.core.job.value.ValueKind.number;
import static dev.vramcast.core.job.value.ValueKind.whole;
import static dev.vramcast.core.job.value.ValueKind.word;
import static dev.vramcast.core.job.value.ValueKind.words;
import static dev.vramcast.core.job.value.ValueKind.yesOrNo;
import static dev.vramcast.core.units.DataType.BF16;
import static dev.vramcast.core.units.DataType.FP16;
import static dev.vramcast.core.units.DataType.FP32;

import dev.vramcast.core.job.document.Knob.Panel;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.RootGroup;
import dev.vramcast.core.job.option.SequenceScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.option.layer.PipelineSchedule;
import dev.vramcast.core.job.option.layer.StageRounding;
import dev.vramcast.core.job.value.ListOf;
import dev.vramcast.core.job.value.Roles;
import java.util.List;

/** Keys of how work is spread over GPUs. */
final class SpreadKeys {

  private static final String FRAMEWORKS_FILE = "framework's DeepSpeed file";

  static final List<KeyDefinition> ALL =
      List.of(
          key(
                  "parallelism.strategy",
                  choice(Strategy.values()),
                  rule("none, ddp when hardware.count > 1"),
                  "how work is spread over GPUs")
              .called("Strategy")
              .turned(Knob.of(Panel.GPUS)),
          key(
              "parallelism.shard",
              whole(1, 1_000_000),
              rule("all GPUs left"),
              "degree of parameter sharding"),
          key(
              "parallelism.replicate",
              whole(1, 1_000_000),
              is("1"),
              "data-parallel degree without sharding"),
          key("parallelism.tensor", whole(1, 1_000_000), is("1"), "tensor-parallel degree"),
          key("parallelism.pipeline", whole(1, 1_000_000), is("1"), "pipeline stages"),
          key(
              "parallelism.layers_per_stage",
              ListOf.wholes(0, 100_000, 1, 1_000),
              rule("even, or the framework's rule"),
              "layers of each pipeline stage; PyTorch's pipelines: one number, of every stage"),
          key("parallelism.context", whole(1, 1_000_000), is("1"), "context-parallel degree"),
          key(
              "parallelism.sequence_scheme",
              choice(SequenceScheme.values()),
              rule("framework's rule"),
              "how context-parallel ranks divide attention"),
          key("parallelism.expert", whole(1, 1_000_000), is("1"), "expert-parallel degree"),
          key(
              "parallelism.expert_tensor",
              whole(1, 1_000_000),
              rule("parallelism.tensor"),
              "Megatron: tensor-parallel degree inside experts"),
          key(
              "parallelism.expert_imbalance",
              number(1, 1e6),
              is("1"),
              "tokens at the fullest rank of experts over those at the mean one; up to the number"
                  + " of experts"),
          key(
              "parallelism.virtual_pipeline",
              whole(1, 10_000),
              is("1"),
              "interleaved stages per pipeline rank; 2 under a looped schedule of PyTorch"),
          key(
              "parallelism.pipeline_schedule",
              choice(PipelineSchedule.values()),
              rule("1f1b; interleaved-1f1b of several stages per rank"),
              "PyTorch's pipelines: in which order a rank runs micro-batches"),
          key(
              "parallelism.pipeline_micro_batches",
              whole(1, 1_000_000),
              rule("batch.grad_accum"),
              "PyTorch's pipelines: micro-batches that go through at a time"),
          key(
              "parallelism.stage_rounding",
              choice(StageRounding.values()),
              rule("none"),
              "PyTorch's pipelines: stages that the ranks do not divide"),
          key(
              "parallelism.sequence_parallel",
              yesOrNo(),
              is("false"),
              "norms are split along the sequence"),
          key(
              "parallelism.reshard_after_forward",
              yesOrNo(),
              is("true"),
              "gathered parameters are freed after the forward pass"),
          key(
              "parallelism.first_rank_loads",
              yesOrNo(),
              rule("framework's rule"),
              "FSDP and ZeRO-3: one rank of a machine alone loads weights,"
                  + " cpu_ram_efficient_loading"),
          key(
              "parallelism.reduce_dtype",
              dataType(FP32, BF16, FP16),
              is("fp32"),
              "dtype of gradient reduction"),
          key(
              "parallelism.param_dtype",
              dataType(FP32, BF16, FP16),
              rule("compute dtype"),
              "FSDP's dtype of gathered parameters"),
          key(
              "parallelism.root_group",
              choice(RootGroup.values()),
              rule("framework's rule"),
              "FSDP2: which parameters share the root's group"),
          key(
              "parallelism.layer_classes",
              words(1),
              rule("model's list, else the decoder's"),
              "accelerate's FSDP: classes of the layers that are gathered one by one,"
                  + " transformer_layer_cls_to_wrap; auto: those of the model's"
                  + " _no_split_modules, else the job stops"),
          key(
              "parallelism.fsdp_checkpointing",
              yesOrNo(),
              is("false"),
              "accelerate's FSDP places the checkpoints, fsdp_activation_checkpointing; under FSDP2"
                  + " before 1.15 around each part of a layer, not around the layer"),
          key(
              "parallelism.offload",
              choices(OffloadTarget.values()),
              is(""),
              "what is kept in host memory"),
          key(
              "parallelism.zero_init",
              yesOrNo(),
              rule("framework's rule"),
              "ZeRO-3: the model is made divided, under DeepSpeed's zero.Init, zero3_init_flag"),
          key(
              "parallelism.zero_sizes",
              word("default", "auto"),
              rule(FRAMEWORKS_FILE),
              "ZeRO: sizes that are not stated are DeepSpeed's, or of the hidden size"),
          key(
              "parallelism.reduce_bucket_size",
              whole(1, Integer.MAX_VALUE),
              rule(FRAMEWORKS_FILE),
              "ZeRO: gradients that are reduced at a time"),
          key(
              "parallelism.overlap_comm",
              yesOrNo(),
              rule(FRAMEWORKS_FILE),
              "ZeRO: gradients are reduced and parameters gathered while others are computed"),
          key(
              "parallelism.prefetch_bucket_size",
              whole(0, Integer.MAX_VALUE),
              rule(FRAMEWORKS_FILE),
              "ZeRO-3: parameters that are gathered ahead at a time"),
          key(
              "parallelism.param_persistence_threshold",
              whole(0, Integer.MAX_VALUE),
              rule(FRAMEWORKS_FILE),
              "ZeRO-3: parameters up to this size stay gathered"),
          key(
              "parallelism.max_live_parameters",
              whole(0, Integer.MAX_VALUE),
              rule(FRAMEWORKS_FILE),
              "ZeRO-3: parameters that are gathered in all"),
          key(
              "roles",
              new Roles(),
              rule("one group"),
              "groups of GPUs of a stage that has several"));

  private SpreadKeys() {}
}
